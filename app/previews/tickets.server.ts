// Leave to upload one photo directly, past Shopify's proxy: signed by us, good for five minutes, once, from the
// storefront that asked for it.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Sql } from "../db.server.ts";
import type { Visitor } from "./proxy-door.server.ts";
import { readSigned, signText } from "./storage.server.ts";

const goodForSeconds = 300;

const content = z.object({
  id: z.uuid(),
  shop: z.string(),
  /** The browser's hash, not its token. */
  browser: z.string(),
  product: z.string(),
  variant: z.string(),
  customerId: z.string().optional(),
  origins: z.array(z.string()),
  /** Seconds since 1970. */
  expires: z.number(),
});

/** What a ticket allows. */
export type Ticket = z.infer<typeof content>;

/** Makes a ticket for this visitor. Its origins are the shop's own domain and the host the visitor is on. */
export function makeTicket(
  visitor: Visitor,
  { browser, product, variant }: Pick<Ticket, "browser" | "product" | "variant">,
  now: Date = new Date(),
): string {
  const ticket: Ticket = {
    id: randomUUID(),
    shop: visitor.shop,
    browser,
    product,
    variant,
    ...(visitor.customerId && { customerId: visitor.customerId }),
    origins: [...new Set([visitor.shop, visitor.host])].map((host) => `https://${host}`),
    expires: Math.floor(now.getTime() / 1000) + goodForSeconds,
  };
  return signText("ticket", JSON.stringify(ticket));
}

/** Reads a ticket: undefined for one that is not ours, "expired" for one whose time is over. Does not use it up. */
export function readTicket(signed: string, now: Date = new Date()): Ticket | "expired" | undefined {
  const text = readSigned("ticket", signed);
  if (text === undefined) return undefined;
  const ticket = content.parse(JSON.parse(text));
  return ticket.expires * 1000 > now.getTime() ? ticket : "expired";
}

/** Uses a ticket up; false when somebody has done so before. */
export async function useTicket(sql: Sql, { id, shop }: Ticket): Promise<boolean> {
  const { rowCount } = await sql.query(
    `INSERT INTO "UploadTicket" ("id", "shop") VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    [id, shop],
  );
  return rowCount === 1;
}

/** Whether an origin is a storefront of a shop that has the app: what a preflight, which shows no ticket, may be told. */
export async function isStorefront(sql: Sql, origin: string | null): Promise<boolean> {
  const host = /^https:\/\/([a-z0-9.:-]+)$/.exec(origin ?? "")?.[1];
  if (!host) return false;
  const { rows } = await sql.query(
    `SELECT 1 FROM "Shop" WHERE ("shop" = $1 OR "hosts" @> ARRAY[$1]) AND "uninstalledAt" IS NULL LIMIT 1`,
    [host],
  );
  return rows.length > 0;
}

// A connection to a vendor that takes a catalogue, as tests and the bench put it; without a test around it.
import { randomUUID } from "node:crypto";
import { sealJson } from "#app/crypto.server.ts";
import type { Db } from "#app/db.server.ts";
import { vendorById } from "#app/vendors/index.server.ts";
import { shop } from "#test/support/road.ts";

/** Settings of dotcph that work with the local shop's currency. */
export function settings(url: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    apiKey: "bk_demo:brand_demo",
    baseUrl: `${url}/api/v1`,
    currency: "USD",
    skuRule: "prefix",
    wholesaleRule: "percent",
    wholesalePercent: 50,
    ...changes,
  };
}

/** A connection to a vendor that takes a catalogue, as saving a tested form would leave it. */
export async function aCatalogueConnection(
  db: Db,
  given: { settings: Record<string, unknown>; domain?: string; vendorId?: string },
): Promise<string> {
  const { settings: values, domain = shop, vendorId = "brand" } = given;
  const vendor = vendorById(vendorId);
  const id = randomUUID();
  const account = await db.query<{ id: string }>(
    `INSERT INTO "Account" (vendor, key, "atOnce") VALUES ($1, $2, 1) ON CONFLICT (vendor, key) DO UPDATE SET key = EXCLUDED.key RETURNING id`,
    [vendorId, vendor?.accountKey?.(values) ?? id],
  );
  await db.query(
    `INSERT INTO "Connection" (id, shop, vendor, label, "accountId", settings) VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      id,
      domain,
      vendorId,
      vendor?.label ?? vendorId,
      account.rows[0]?.id,
      sealJson(values, { table: "Connection", column: "settings", shop: domain, row: id }),
    ],
  );
  return id;
}

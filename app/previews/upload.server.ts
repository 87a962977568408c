// Uploads: through the shop's proxy, or directly with a ticket. Either way limits first, then the bytes, then a row;
// the answer is an id, because preparing a photo takes longer than a proxy waits.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { log } from "../log.server.ts";
import type { World } from "../world.server.ts";
import { browserHash, incomingKey } from "./artwork.server.ts";
import { limitAddress, limitDay } from "./limits.server.ts";
import {
  answerJson,
  browserToken,
  readJson,
  refuse,
  shopifyNumber,
  type Visitor,
} from "./proxy-door.server.ts";
import { deleteFile, newKey, storage } from "./storage.server.ts";
import { isStorefront, makeTicket, readTicket, useTicket } from "./tickets.server.ts";
import { receivePhoto, type Received } from "./upload-body.server.ts";
import { env } from "../env.server.ts";

/** What an upload needs of the world. */
export type UploadWorld = Pick<World, "db" | "wake">;

/** How large a photo may be and how long it may take; the defaults are the ones to use outside tests. */
export interface UploadLimits {
  maxBytes?: number;
  readMs?: number;
}

const asking = z.object({ browser: browserToken, product: shopifyNumber, variant: shopifyNumber });

// Each holds a connection and writes to disk; more than this at once would starve the pages of the same process.
const mostAtOnce = 32;
let underWay = 0;

async function withRoom<T>(work: () => Promise<T>): Promise<T> {
  if (underWay >= mostAtOnce) throw refuse("busy", 503, 5);
  underWay += 1;
  try {
    return await work();
  } finally {
    underWay -= 1;
  }
}

/** POST {base}/artworks: multipart `browser`, `product`, `variant`, `photo` → 202 `{ artwork }`. Throws refusals. */
export async function takeUpload(
  world: UploadWorld,
  { visitor, request }: { visitor: Visitor; request: Request },
  limits: UploadLimits = {},
): Promise<Response> {
  await limitAddress(world.db, visitor.shop, visitor.address);
  return withRoom(async () => {
    const received = await receivePhoto(request, limits);
    try {
      const asked = asking.safeParse(Object.fromEntries(received.fields));
      if (!asked.success) throw refuse("bad_request", 400);
      const browser = browserHash(visitor.shop, asked.data.browser);
      await limitDay(world.db, visitor.shop, browser);
      const { product, variant } = asked.data;
      const from = { shop: visitor.shop, browser, product, variant, customerId: visitor.customerId };
      return answerJson({ artwork: await keepUpload(world, from, received) }, 202);
    } finally {
      await received.discard();
    }
  });
}

/** POST {base}/tickets: `{ browser, product, variant }` → `{ ticket, url }`. Counts as a photo: it allows one. */
export async function giveTicket(
  world: UploadWorld,
  { visitor, request }: { visitor: Visitor; request: Request },
  now: Date = new Date(),
): Promise<Response> {
  const { browser, product, variant } = await readJson(request, asking);
  await limitAddress(world.db, visitor.shop, visitor.address);
  const hash = browserHash(visitor.shop, browser);
  await limitDay(world.db, visitor.shop, hash);
  const ticket = makeTicket(visitor, { browser: hash, product, variant }, now);
  return answerJson({ ticket, url: `${env.SHOPIFY_APP_URL.replace(/\/+$/, "")}/u` });
}

/** What a browser asks before it uploads from a storefront to our own address: may this origin? */
export async function answerPreflight({ db }: UploadWorld, request: Request): Promise<Response> {
  const origin = request.headers.get("origin");
  const headers = new Headers({ vary: "Origin", "cache-control": "no-store" });
  if (!(await isStorefront(db, origin))) return new Response(null, { status: 403, headers });
  headers.set("access-control-allow-origin", origin ?? "");
  headers.set("access-control-allow-methods", "POST");
  headers.set("access-control-allow-headers", "authorization");
  headers.set("access-control-max-age", "600");
  return new Response(null, { status: 204, headers });
}

/** POST /u with `Authorization: Bearer {ticket}` and multipart `photo` → 202 `{ artwork }`. Throws nothing. */
export async function takeDirectUpload(
  world: UploadWorld,
  request: Request,
  { now = new Date(), ...limits }: UploadLimits & { now?: Date } = {},
): Promise<Response> {
  const origin = request.headers.get("origin") ?? "";
  const [, signed = ""] = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
  const ticket = readTicket(signed, now);
  // Without a ticket of ours nothing says which page may read the answer, so none may.
  if (ticket === undefined) return refuse("bad_request", 401);
  if (ticket === "expired") {
    const answer = refuse("expired", 401);
    return (await isStorefront(world.db, origin)) ? readableFor(origin, answer) : answer;
  }
  if (!ticket.origins.includes(origin)) {
    log.warn({ shop: ticket.shop, origin, origins: ticket.origins }, "upload.wrong_origin");
    return refuse("bad_request", 403);
  }
  const answer = await withTicket(world, { ticket, request, limits }).catch((error: unknown) => {
    if (error instanceof Response) return error;
    log.error({ err: error }, "upload.failed");
    return refuse("unavailable", 503);
  });
  return readableFor(origin, answer);
}

async function withTicket(
  world: UploadWorld,
  {
    ticket,
    request,
    limits,
  }: {
    ticket: Exclude<ReturnType<typeof readTicket>, string | undefined>;
    request: Request;
    limits: UploadLimits;
  },
): Promise<Response> {
  return withRoom(async () => {
    // Only where there is room: a browser that is told to come again in five seconds still has its ticket then.
    if (!(await useTicket(world.db, ticket))) throw refuse("expired", 401);
    const received = await receivePhoto(request, limits);
    try {
      return answerJson({ artwork: await keepUpload(world, ticket, received) }, 202);
    } finally {
      await received.discard();
    }
  });
}

function readableFor(origin: string, answer: Response): Response {
  answer.headers.set("access-control-allow-origin", origin);
  answer.headers.set("vary", "Origin");
  return answer;
}

interface From {
  shop: string;
  browser: string;
  product: string;
  variant: string;
  customerId?: string | undefined;
}

// The row comes before the file: a process that dies in between leaves a row whose photo never comes, which the worker
// finds, and not a photo that nobody knows of. A minute is more than a move takes.
async function keepUpload({ db, wake }: UploadWorld, from: From, received: Received): Promise<string> {
  const id = randomUUID();
  const key = newKey(from.shop, "jpg");
  const made = await db.query(
    `INSERT INTO "Artwork" (id, shop, key, filename, "contentType", width, height, bytes, sha256, "forgetAt", state, browser,
       "customerId", "productId", "variantId", "nextRunAt")
     SELECT $1, shop, $3, 'photo.jpg', 'image/jpeg', 0, 0, $4, '', now() + "keepUnordered" * interval '1 day', 'new', $5, $6, $7, $8,
       now() + interval '1 minute' FROM "Shop" WHERE shop = $2 AND "uninstalledAt" IS NULL`,
    [id, from.shop, key, received.bytes, from.browser, from.customerId ?? null, from.product, from.variant],
  );
  if (made.rowCount === 0) throw refuse("unavailable", 403);
  try {
    await (await storage()).moveFromFs(received.file, incomingKey(key));
  } catch (error) {
    log.error({ err: error, shop: from.shop }, "upload.not_stored");
    await deleteFile(incomingKey(key)).catch(() => undefined);
    await db.query(`DELETE FROM "Artwork" WHERE id = $1`, [id]);
    throw refuse("unavailable", 503);
  }
  await db.query(`UPDATE "Artwork" SET "nextRunAt" = now() WHERE id = $1 AND state = 'new' AND tries = 0`, [
    id,
  ]);
  wake("artwork");
  log.info({ shop: from.shop, artwork: id, type: received.type, bytes: received.bytes }, "upload.taken");
  return id;
}

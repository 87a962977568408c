// The link of an order line that was bought without a photo: signed, good for sixty days, and for one choice. Whoever
// has it may add a photo to that line and see nothing else of the order.
import { inTransaction, type Sql } from "../db.server.ts";
import { env } from "../env.server.ts";
import type { World } from "../world.server.ts";
import { bindArtwork } from "./artwork.server.ts";
import { readChoice } from "./preview-answers.server.ts";
import { answerJson, refuse, type Visitor } from "./proxy-door.server.ts";
import { keepSelectionForLine } from "./selection.server.ts";
import { pictureLink, readSigned, signText } from "./storage.server.ts";

const days = 60;
const purpose = "photo link";

/** A link as the merchant's page shows it. */
export interface PhotoLink {
  url: string;
  expiresAt: Date;
  openedAt: Date | null;
  usedAt: Date | null;
}

interface Row {
  id: string;
  shop: string;
  orderId: string;
  lineId: string;
  expiresAt: Date;
  openedAt: Date | null;
  usedAt: Date | null;
}

const columns = `id, shop, "orderId", "lineId", "expiresAt", "openedAt", "usedAt"`;

/** The link of an order line, made when there is none; one that ran out is made anew. */
export async function photoLink(
  sql: Sql,
  { shop, orderId, lineId }: { shop: string; orderId: string; lineId: string },
): Promise<PhotoLink> {
  const { rows } = await sql.query<Row>(
    `INSERT INTO "PhotoLink" (shop, "orderId", "lineId", "expiresAt") VALUES ($1, $2, $3, now() + $4 * interval '1 day')
     ON CONFLICT ("orderId", "lineId") DO UPDATE SET
       "expiresAt" = CASE WHEN "PhotoLink"."expiresAt" < now() THEN EXCLUDED."expiresAt" ELSE "PhotoLink"."expiresAt" END
     WHERE "PhotoLink".shop = $1 RETURNING ${columns}`,
    [shop, orderId, lineId, days],
  );
  const [row] = rows;
  if (!row) throw new Error("this line is another shop's");
  return linkOf(row);
}

function linkOf({ id, expiresAt, openedAt, usedAt }: Row): PhotoLink {
  const token = signText(purpose, `${id} ${Math.floor(expiresAt.getTime() / 1000).toString(36)}`);
  return { url: `${env.SHOPIFY_APP_URL.replace(/\/+$/, "")}/photo/${token}`, expiresAt, openedAt, usedAt };
}

/** Takes a link back, or lets it be used again: the merchant's word. */
export async function revokePhotoLink(
  sql: Sql,
  { shop, orderId, lineId, revoked }: { shop: string; orderId: string; lineId: string; revoked: boolean },
): Promise<void> {
  await sql.query(
    `UPDATE "PhotoLink" SET "usedAt" = CASE WHEN $4::boolean THEN now() END WHERE shop = $1 AND "orderId" = $2 AND "lineId" = $3`,
    [shop, orderId, lineId, revoked],
  );
}

/** The order line that a link opens. */
export interface OpenedLink {
  id: string;
  shop: string;
  orderId: string;
  lineId: string;
  productId: string;
  variantId: string;
  title: string;
  variantTitle: string | null;
  quantity: number;
  /** Days until the shop deletes an ordered photo. */
  keepOrdered: number;
}

/**
 * A link that we signed. "used": a picture was sent with it. "over": its time is over, the merchant took it back, or
 * the line is not waiting for a photo any more.
 */
export type ReadLink = OpenedLink & { state: "open" | "used" | "over" };

/** Reads a link; undefined when nobody of ours signed it, or its line is forgotten. */
export async function readPhotoLink(
  sql: Sql,
  token: string,
  now: Date = new Date(),
): Promise<ReadLink | undefined> {
  const [id = "", expires = ""] = readSigned(purpose, token)?.split(" ") ?? [];
  if (id === "") return undefined;
  const { rows } = await sql.query<Omit<OpenedLink, "id"> & { isOpen: boolean; isUsed: boolean }>(
    `SELECT k.shop, k."orderId", k."lineId", coalesce(l."productId", '') AS "productId", coalesce(l."variantId", '') AS "variantId",
       l.title, l."variantTitle", l.quantity, s."keepOrdered",
       k."usedAt" IS NULL AND k."expiresAt" > now() AND o."cancelledAt" IS NULL AND l.quantity > 0 AND s."uninstalledAt" IS NULL
         AND v.status IN ('waiting', 'held') AND v."committingAt" IS NULL AND v."frozenAt" IS NULL AS "isOpen",
       k."usedAt" IS NOT NULL AND p."lineId" IS NOT NULL AND o."cancelledAt" IS NULL AS "isUsed"
     FROM "PhotoLink" k JOIN "OrderLine" l ON l."orderId" = k."orderId" AND l."shopifyLineId" = k."lineId" JOIN "Order" o ON o.id = k."orderId"
     JOIN "Shop" s ON s.shop = k.shop LEFT JOIN "VendorOrder" v ON v.id = l."vendorOrderId"
     LEFT JOIN "OrderPicture" p ON p."orderId" = k."orderId" AND p."lineId" = k."lineId" AND p.shop = k.shop WHERE k.id::text = $1`,
    [id],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { isOpen, isUsed, ...line } = row;
  const isInTime = Number.parseInt(expires, 36) * 1000 > now.getTime();
  return { id, ...line, state: isUsed ? "used" : isOpen && isInTime ? "open" : "over" };
}

/** Remembers that the page was looked at, for the merchant. */
export async function noteOpened(sql: Sql, { id }: Pick<OpenedLink, "id">): Promise<void> {
  await sql.query(`UPDATE "PhotoLink" SET "openedAt" = coalesce("openedAt", now()) WHERE id = $1`, [id]);
}

/** Whoever opened a link, as the answers want to know them. The token itself is the way back to us. */
export function visitorOf(link: OpenedLink, token: string, request: Request): Visitor {
  const url = new URL(request.url);
  // Not Shopify's word but the last proxy's of ours; it only limits how much one address may send.
  const address = request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "unknown";
  return { shop: link.shop, base: `/photo/${token}/api`, address: address.slice(0, 64), host: url.host };
}

/**
 * POST …/selections with a link: the line gets the picture, the link is used up, and the part goes on by itself.
 * Twice at once is one choice.
 */
export async function selectForLine(
  { db, wake }: Pick<World, "db" | "wake">,
  { link, visitor }: { link: OpenedLink; visitor: Visitor },
  request: Request,
): Promise<Response> {
  const chosen = await readChoice(db, visitor, request);
  if (chosen.offer.variantId !== link.variantId) throw refuse("bad_request", 409);
  const { shop, orderId, lineId } = link;
  // What throws in here is rolled back, and the link stays good: a part that is being looked at is asked for again.
  await inTransaction(db, async (sql) => {
    const used = await sql.query(
      `UPDATE "PhotoLink" SET "usedAt" = now() WHERE id = $1 AND "usedAt" IS NULL RETURNING id`,
      [link.id],
    );
    // Locked, so that no worker sends the part while its picture changes.
    const part = await sql.query<{ id: string }>(
      `SELECT v.id FROM "VendorOrder" v JOIN "OrderLine" l ON l."vendorOrderId" = v.id
       WHERE l."orderId" = $1 AND l."shopifyLineId" = $2 AND v.status IN ('waiting', 'held') AND v."committingAt" IS NULL
         AND v."frozenAt" IS NULL AND (v."leaseUntil" IS NULL OR v."leaseUntil" < now()) FOR UPDATE OF v`,
      [orderId, lineId],
    );
    if (used.rowCount !== 1 || part.rowCount !== 1) throw refuse("busy", 409, 5);
    const selectionId = await keepSelectionForLine(sql, {
      shop,
      productId: link.productId,
      variantId: link.variantId,
      browser: chosen.browser,
      preview: chosen.preview,
      look: chosen.look,
    });
    if (!(await bindArtwork(sql, { shop, id: chosen.preview.artworkId, orderId }))) throw refuse("gone", 404);
    await sql.query(
      `INSERT INTO "OrderPicture" (shop, "orderId", "lineId", "selectionId", "previewId") VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT ("orderId", "lineId") DO UPDATE SET "selectionId" = EXCLUDED."selectionId", "previewId" = EXCLUDED."previewId", "madeAgain" = NULL`,
      [shop, orderId, lineId, selectionId, chosen.preview.id],
    );
    await goOn(sql, { shop, orderId, vendorOrderId: part.rows[0]?.id });
  });
  wake("submission");
  return chosenAnswer(visitor, chosen.picture.image);
}

/**
 * POST …/selections with a link that is used up: the same choice once more is answered as the first time, since the
 * widget asks again when an answer did not reach it. Anything else is refused.
 */
export async function answerChosenAgain(
  sql: Sql,
  { link, visitor }: { link: OpenedLink; visitor: Visitor },
  request: Request,
): Promise<Response> {
  const { preview, look, picture } = await readChoice(sql, visitor, request);
  const same = await sql.query(
    `SELECT 1 FROM "OrderPicture" p JOIN "Selection" s ON s.id = p."selectionId"
     WHERE p.shop = $1 AND p."orderId" = $2 AND p."lineId" = $3 AND s."previewId" = $4 AND s.look = $5`,
    [link.shop, link.orderId, link.lineId, preview.id, look],
  );
  if (same.rowCount !== 1) throw refuse("expired", 410);
  return chosenAnswer(visitor, picture.image);
}

function chosenAnswer(visitor: Visitor, key: string): Response {
  return answerJson({ ref: "", thumbnail: pictureLink({ base: visitor.base, key, seconds: 86_400 }) });
}

async function goOn(
  sql: Sql,
  { shop, orderId, vendorOrderId }: { shop: string; orderId: string; vendorOrderId: string | undefined },
): Promise<void> {
  await sql.query(
    `UPDATE "VendorOrder" SET status = 'waiting', code = NULL, sentence = NULL, tries = 0, "firstTryAt" = NULL, "changedAt" = now(),
       "nextRunAt" = greatest("nextRunAt", now()) WHERE id = $1 AND status = 'held' AND code IN ('needs photo', 'payload')`,
    [vendorOrderId],
  );
  await sql.query(
    `INSERT INTO "TimelineEntry" (shop, "orderId", "vendorOrderId", who, sentence) VALUES ($1, $2, $3, 'app', $4)`,
    [shop, orderId, vendorOrderId, "The shopper added a photo by the link of this order."],
  );
}

// The pictures of an order for its page: what the shopper chose, what was made again, and the very file that the vendor
// makes it from, with its hash. Bytes come only when a page of this shop asks for them.
import { openJson, sha256 } from "../crypto.server.ts";
import { log } from "../log.server.ts";
import type { OrderFacts } from "../orders/order.ts";
import { keyOfSize } from "../previews/artwork.server.ts";
import type { KeptLook } from "../previews/preview.ts";
import { photoLink } from "../previews/selection-link.server.ts";
import { refProperty } from "../previews/selection.server.ts";
import { contentTypeOf, readFile } from "../previews/storage.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { world } from "../world.server.ts";

interface Row {
  orderName: string;
  lineId: string;
  title: string;
  variantTitle: string | null;
  quantity: number;
  hasPicture: boolean;
  look: string | null;
  chosenAt: Date | null;
  seen: KeptLook[] | null;
  isSeenNow: boolean;
  madeAgain: "size" | "age" | null;
  now: KeptLook[] | null;
  nowState: string | null;
  nowSentence: string | null;
  nowFileKey: string | null;
  nowFileSha256: string | null;
  artworkKey: string | null;
  artworkSha256: string | null;
  sentSha256: string | null;
  sentAt: Date | null;
  vendor: string | null;
  isHeld: boolean;
  /** The link's page lets a photo be added, as long as the link itself is good. */
  mayAdd: boolean;
  hasLink: boolean;
  linkOpenedAt: Date | null;
  linkUsedAt: Date | null;
  facts: Buffer | null;
}

// What may get a photo is what readPhotoLink (app/previews/selection-link.server.ts) opens a link for.
const rowsOf = `
  SELECT o.name AS "orderName", l."shopifyLineId" AS "lineId", l.title, l."variantTitle", l.quantity, p."lineId" IS NOT NULL AS "hasPicture",
    s.look, s."createdAt" AS "chosenAt", seen.pictures AS seen, seen.id = p."previewId" AS "isSeenNow", p."madeAgain",
    now.pictures AS now, now.state AS "nowState", now.sentence AS "nowSentence", now."fileKey" AS "nowFileKey", now."fileSha256" AS "nowFileSha256",
    a.key AS "artworkKey", a.sha256 AS "artworkSha256", p."sentSha256", v."sentAt",
    v.vendor, coalesce(v.status = 'held' AND v.code = 'needs photo', false) AS "isHeld",
    coalesce(o."cancelledAt" IS NULL AND l.quantity > 0 AND v.status IN ('waiting', 'held') AND v."committingAt" IS NULL AND v."frozenAt" IS NULL, false) AS "mayAdd",
    k.id IS NOT NULL AS "hasLink", k."openedAt" AS "linkOpenedAt", k."usedAt" AS "linkUsedAt", o.facts
  FROM "OrderLine" l JOIN "Order" o ON o.id = l."orderId"
  LEFT JOIN "OrderPicture" p ON p."orderId" = l."orderId" AND p."lineId" = l."shopifyLineId" AND p.shop = l.shop
  LEFT JOIN "Selection" s ON s.id = p."selectionId" AND s.shop = l.shop
  LEFT JOIN "Preview" seen ON seen.id = s."previewId" AND seen.shop = l.shop
  LEFT JOIN "Preview" now ON now.id = p."previewId" AND now.shop = l.shop
  LEFT JOIN "Artwork" a ON a.id = s."artworkId" AND a.shop = l.shop AND a."forgetAt" > now()
  LEFT JOIN "VendorOrder" v ON v.id = l."vendorOrderId"
  LEFT JOIN "PhotoLink" k ON k."orderId" = l."orderId" AND k."lineId" = l."shopifyLineId" AND k.shop = l.shop
  WHERE l.shop = $1 AND l."orderId" = $2 ORDER BY l.position`;

interface Of {
  shop: string;
  orderId: string;
}

async function readRows({ shop, orderId }: Of): Promise<Row[]> {
  const { db } = await world();
  return (await db.query<Row>(rowsOf, [shop, orderId])).rows;
}

/**
 * The pictures of an order's lines, for lines that have one or need one. A line that needs one gets its link here, so
 * that there is one as soon as somebody wants to send it. Times are ISO 8601.
 */
export async function readOrderPictures(of: Of) {
  const shown = [];
  for (const row of await readRows(of)) {
    const ask = await askOf(row, of);
    if (row.hasPicture || ask) shown.push({ ...viewOf(row, of.orderId), ask });
  }
  return shown;
}

// A link that opens nothing is neither shown nor made good again; one that was used or taken back is still told of.
async function askOf(row: Row, of: Of) {
  /** The line still waits for a photo: only then a link that is used up can be given out again. */
  const isWaiting = needsPhoto(row, of);
  if (row.linkUsedAt)
    return { isWaiting, openedAt: row.linkOpenedAt?.toISOString(), usedAt: row.linkUsedAt.toISOString() };
  if (!isWaiting && !(row.hasLink && row.mayAdd)) return undefined;
  const { db } = await world();
  const { url, openedAt, expiresAt } = await photoLink(db, { ...of, lineId: row.lineId });
  return {
    isWaiting,
    openedAt: openedAt?.toISOString(),
    usedAt: undefined,
    url,
    expiresAt: expiresAt.toISOString(),
  };
}

// Of the lines of a part that waits for a photo, those that have none to be made from: the part may hold others.
function needsPhoto(row: Row, { shop, orderId }: Of): boolean {
  if (!row.isHeld || !row.mayAdd || !vendorById(row.vendor ?? "")?.previews) return false;
  if (row.hasPicture) return row.artworkKey === null;
  const line = factsOf(row, { shop, orderId })?.lines.find(({ id }) => id === row.lineId);
  // What the line brought cannot be read any more: rather offer a link too many than none.
  if (!line) return true;
  const brought = line.properties.filter(({ value }) => value.trim() !== "");
  return (
    brought.some(({ name }) => name === refProperty) ||
    !brought.some(({ name, value }) => name.startsWith("_dot_") || value.startsWith("https://"))
  );
}

// A key that is gone must not take the whole page with it.
function factsOf({ facts }: Row, { shop, orderId }: Of): OrderFacts | undefined {
  if (facts === null) return undefined;
  try {
    return openJson(facts, { table: "Order", column: "facts", shop, row: orderId }) as OrderFacts;
  } catch (error) {
    log.error({ err: error, order: orderId }, "page.facts_unreadable");
    return undefined;
  }
}

/** One line's pictures on the page of its order. */
export type PictureView = Awaited<ReturnType<typeof readOrderPictures>>[number];

function viewOf(row: Row, orderId: string) {
  const at = (kind: PictureKind): string =>
    `/app/pictures/${orderId}/${encodeURIComponent(row.lineId)}/${kind}`;
  const seen = lookIn(row.seen, row.look);
  const now = row.isSeenNow ? undefined : lookIn(row.now, row.look);
  const file = fileOf(row);
  return {
    lineId: row.lineId,
    title: row.variantTitle ? `${row.title}, ${row.variantTitle}` : row.title,
    quantity: row.quantity,
    hasPicture: row.hasPicture,
    look: seen?.label ?? now?.label ?? row.look ?? undefined,
    chosenAt: row.chosenAt?.toISOString(),
    seen: seen && at("seen"),
    photo: row.artworkKey === null ? undefined : { whole: at("photo"), small: at("photo-small") },
    madeAgain: row.madeAgain && {
      why: row.madeAgain,
      state: row.nowState ?? "missing",
      sentence: row.nowSentence ?? undefined,
      picture: now && at("made-again"),
    },
    file: file && { sha256: file.sha256, address: file.key === undefined ? undefined : at("file") },
    /** The file is settled: the order was put together with it. */
    isFrozen: row.sentSha256 !== null,
    sentAt: row.sentAt?.toISOString(),
  };
}

function lookIn(pictures: KeptLook[] | null, look: string | null): KeptLook | undefined {
  return pictures?.find((picture) => picture.look === look);
}

// Which file it is made from: once the order was put together, the one whose hash was written down then; until then
// the one it would be made from now.
function fileOf(row: Row): { key: string | undefined; sha256: string } | undefined {
  const { sentSha256, nowFileSha256, nowFileKey, artworkKey, artworkSha256 } = row;
  const wanted = sentSha256 ?? nowFileSha256 ?? artworkSha256;
  if (wanted === null) return undefined;
  if (wanted === nowFileSha256) return { key: nowFileKey ?? artworkKey ?? undefined, sha256: wanted };
  return { key: wanted === artworkSha256 ? (artworkKey ?? undefined) : undefined, sha256: wanted };
}

/** Which picture of a line: the chosen look, the one made again, the shopper's photo, the file the vendor has. */
export const pictureKinds = ["seen", "made-again", "photo", "photo-small", "file"] as const;
export type PictureKind = (typeof pictureKinds)[number];

/** The bytes of one picture of a line, or why there are none. `user` is who looks, for the log. */
export async function readOrderPicture({
  shop,
  orderId,
  lineId,
  kind,
  user,
}: Of & { lineId: string; kind: PictureKind; user: string }): Promise<
  { name: string; contentType: string; bytes: Uint8Array } | { refused: string }
> {
  const row = (await readRows({ shop, orderId })).find((each) => each.lineId === lineId);
  const key = row && keyOf(row, kind);
  const bytes = key === undefined ? undefined : await readFile(key);
  if (!row || key === undefined || !bytes) return { refused: "This picture is not kept any more." };
  if (kind === "file" && sha256(bytes) !== fileOf(row)?.sha256) {
    log.error({ shop, order: orderId, line: lineId }, "picture.file_changed");
    return { refused: "The kept file is not the one the vendor was given, so it is not shown as such." };
  }
  log.info({ shop, user, order: orderId, line: lineId, kind }, "personal_data.picture_shown");
  const ending = key.slice(key.lastIndexOf("."));
  const order = row.orderName.replace(/[^\w-]+/g, "") || "order";
  return { name: `${order}-${lineId}-${kind}${ending}`, contentType: contentTypeOf(key), bytes };
}

function keyOf(row: Row, kind: PictureKind): string | undefined {
  switch (kind) {
    case "seen":
      return lookIn(row.seen, row.look)?.large;
    case "made-again":
      return lookIn(row.now, row.look)?.large;
    case "photo":
      return row.artworkKey ?? undefined;
    case "photo-small":
      return row.artworkKey === null ? undefined : keyOfSize(row.artworkKey, "320");
    case "file":
      return fileOf(row)?.key;
  }
}

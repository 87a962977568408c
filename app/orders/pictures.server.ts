// Where the storefront's road meets the orders: which picture each line is made from. A cart line brings one opaque
// reference; it is believed only as far as it names a choice of this shop, for this product, that nobody else ordered.
import { sha256 } from "../crypto.server.ts";
import { inTransaction, type Sql } from "../db.server.ts";
import { bindArtwork, findArtwork, type Artwork } from "../previews/artwork.server.ts";
import { askForPreview, findPreview, type Preview } from "../previews/preview-rows.server.ts";
import {
  bindToCustomer,
  findByRef,
  findSelection,
  refProperty,
  type Selection,
} from "../previews/selection.server.ts";
import { cropInShape, cropPixels } from "../previews/preview.ts";
import { pixelsFor, type Offer } from "../previews/sizes.server.ts";
import { VendorError, type Vendor } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import type { Claim } from "./claim.server.ts";
import type { LineFacts, OrderFacts } from "./order.ts";

/** The picture of an order line, as its row has it. */
export interface LinePicture {
  lineId: string;
  selectionId: string;
  previewId: string | null;
  madeAgain: "size" | "age" | null;
}

/** The part that is about to be sent. */
type PicturedPart = Pick<Claim, "id" | "shop" | "orderId" | "connectionId" | "lines">;

interface Readying {
  world: World;
  claim: PicturedPart;
  facts: OrderFacts;
  vendor: Vendor;
  previews: NonNullable<Vendor["previews"]>;
  settings: Record<string, unknown>;
}

/**
 * Sees that every line which names a picture has one that can be ordered: makes a preview again when the shopper paid
 * for another size, or when it is too old. Throws VendorError: `retry` while it is being made, `rejected` with what the
 * order needs when a person must act. A line that names no picture is left to the vendor's own rules.
 */
export async function readyPictures(
  world: World,
  part: Pick<Readying, "claim" | "facts" | "vendor" | "settings">,
): Promise<void> {
  const { claim, facts, vendor } = part;
  if (!vendor.previews) return;
  const readying: Readying = { world, ...part, previews: vendor.previews };
  for (const { lineId, product, mapped, quantity } of claim.lines) {
    const line = facts.lines.find(({ id }) => id === lineId);
    if (!line || !mapped || quantity <= 0) continue;
    const picture = (await readLinePicture(world.db, claim, lineId)) ?? (await resolve(readying, line));
    if (picture) await readyOne(readying, { line, product, picture });
  }
}

async function readLinePicture(
  sql: Sql,
  { orderId, shop }: { orderId: string; shop: string },
  lineId: string,
): Promise<LinePicture | undefined> {
  const { rows } = await sql.query<LinePicture>(
    `SELECT "lineId", "selectionId", "previewId", "madeAgain" FROM "OrderPicture" WHERE "orderId" = $1 AND "lineId" = $2 AND shop = $3`,
    [orderId, lineId, shop],
  );
  return rows[0];
}

function needsPhoto(line: LineFacts, why: string): VendorError {
  return new VendorError(
    "rejected",
    `“${line.title}” needs a photo: ${why} Send the shopper the link to add one.`,
    {
      needs: "photo",
    },
  );
}

/** The references a line brings. Names may repeat; nobody guesses which of two was meant. */
function refsOf(line: LineFacts): string[] {
  return [
    ...new Set(line.properties.flatMap(({ name, value }) => (name === refProperty ? [value.trim()] : []))),
  ];
}

/** The order whose lines bring pictures. */
interface Bringing {
  shop: string;
  orderId: string;
  facts: OrderFacts;
}

/**
 * Binds the photos that an order's lines name to the order, as soon as it is known: they stay however long it waits,
 * their shopper cannot delete them any more, and nobody else can order them first. A line whose reference is good for
 * nothing is left as it is; what is wrong with it is said when it should be sent.
 */
export async function bindPhotos(sql: Sql, order: Bringing): Promise<void> {
  for (const line of order.facts.lines) {
    const [ref, ...others] = refsOf(line);
    if (ref !== undefined && others.length === 0) await bindPhoto(sql, order, { line, ref });
  }
}

/** Binds one, or answers why it cannot be had. */
async function bindPhoto(
  sql: Sql,
  { shop, orderId, facts }: Bringing,
  { line, ref }: { line: LineFacts; ref: string },
): Promise<string | undefined> {
  const selection = await findByRef(sql, { shop, ref });
  if (!selection) return "the choice it came with is not known here.";
  if (!isFor(selection, line)) return "the choice it came with was made for another product.";
  const customer = sha256(`${shop} ${customerOf(facts)}`);
  if (!(await bindToCustomer(sql, { selection, customer })))
    return "somebody else ordered the choice it came with before.";
  if (!(await bindArtwork(sql, { shop, id: selection.artworkId, orderId })))
    return "the photo it was ordered with is not kept any more.";
  await sql.query(
    `INSERT INTO "OrderPicture" (shop, "orderId", "lineId", "selectionId", "previewId") VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [shop, orderId, line.id, selection.id, selection.previewId],
  );
  return undefined;
}

async function resolve({ world, claim, facts }: Readying, line: LineFacts): Promise<LinePicture | undefined> {
  const [ref, ...others] = refsOf(line);
  if (ref === undefined) return undefined;
  if (others.length > 0) throw needsPhoto(line, "it came with more than one choice.");
  const order = { shop: claim.shop, orderId: claim.orderId, facts };
  const why = await inTransaction(world.db, (sql) => bindPhoto(sql, order, { line, ref }));
  if (why !== undefined) throw needsPhoto(line, why);
  return readLinePicture(world.db, claim, line.id);
}

// A product that Shopify does not name any more is told by its variant.
function isFor(selection: Selection, line: LineFacts): boolean {
  if (line.productId !== undefined && selection.productId !== "")
    return selection.productId === line.productId;
  return selection.variantId === line.variantId;
}

// An order without any of these is its own customer: then nobody orders the choice a second time.
function customerOf({ customer, email, phone, id }: OrderFacts): string {
  return customer?.id ?? email?.toLowerCase() ?? customer?.email?.toLowerCase() ?? phone ?? `order ${id}`;
}

interface Readied {
  line: LineFacts;
  product: unknown;
  picture: LinePicture;
}

async function readyOne(readying: Readying, { line, product, picture }: Readied): Promise<void> {
  const { world, claim, vendor, previews, settings } = readying;
  const { shop } = claim;
  const selection = await findSelection(world.db, { shop, id: picture.selectionId });
  const artwork = selection && (await findArtwork(world.db, { shop, id: selection.artworkId }));
  if (!selection || !artwork) throw needsPhoto(line, "the photo it was ordered with is not kept any more.");
  if (previews.ordersPhotos(settings)) return;
  const size = previews.sizeOf(product, line.sku);
  if (!size)
    throw new VendorError(
      "rejected",
      `“${line.title}” has no size that ${vendor.label} makes previews of. Choose another product for it under Products.`,
    );
  const preview =
    picture.previewId === null ? undefined : await findPreview(world.db, { shop, id: picture.previewId });
  switch (preview?.state) {
    case "new":
    case "working":
      throw waiting(line);
    case "failed":
      await point(world.db, { claim, line, previewId: null, madeAgain: picture.madeAgain ?? "age" });
      throw new VendorError(
        "rejected",
        `The preview of “${line.title}” had to be made again, and that failed: ${preview.sentence ?? ""} Press Try again to make it once more.`,
      );
    case "ready":
      if (preview.size === size.code) {
        if (picture.madeAgain && previews.whenMadeAgain(settings) === "hold")
          await needApproval(readying, { line, preview, why: picture.madeAgain });
        return;
      }
      break;
    case "expired":
    case undefined:
      break;
  }
  const madeAgain = preview === undefined || preview.size === size.code ? "age" : "size";
  await makeAgain(readying, { line, selection, artwork, size, madeAgain });
  throw waiting(line);
}

function waiting(line: LineFacts): VendorError {
  return new VendorError(
    "retry",
    `The preview of “${line.title}” is being made again from the shopper's photo. The order goes on by itself.`,
    { retryAfterSeconds: 5 },
  );
}

async function makeAgain(
  { world, claim, previews }: Readying,
  {
    line,
    selection,
    artwork,
    size,
    madeAgain,
  }: {
    line: LineFacts;
    selection: Selection;
    artwork: Artwork;
    size: Offer["size"];
    madeAgain: "size" | "age";
  },
): Promise<void> {
  const { shop, connectionId } = claim;
  const chosen = await findPreview(world.db, { shop, id: selection.previewId });
  const part = chosen?.crop ?? undefined;
  const { min } = pixelsFor(size);
  const { width, height } = part ? cropPixels(part, artwork) : artwork;
  if (Math.min(width, height) < min[0] || Math.max(width, height) < min[1])
    throw needsPhoto(
      line,
      `the shopper paid for ${size.label}, and ${part ? "the chosen part of the photo" : "the photo"} (${width} × ${height} pixels) is too small for it.`,
    );
  // What the vendor does with a part in another size's shape, nobody has written down: it is given the paid one's.
  const crop =
    part && chosen?.size !== size.code
      ? cropInShape(part, { picture: artwork, sides: [size.widthMm, size.heightMm] })
      : part;
  const offer = { variantId: line.variantId ?? "", connectionId, previews, size };
  const looks = [selection.look];
  const asked = await askForPreview(world.db, { shop, offer, artwork, looks, crop, again: true });
  if ("refused" in asked) throw new Error("nothing refuses a preview for an order");
  await point(world.db, { claim, line, previewId: asked.id, madeAgain });
  world.wake("previews");
}

async function point(
  sql: Sql,
  {
    claim,
    line,
    previewId,
    madeAgain,
  }: { claim: PicturedPart; line: LineFacts; previewId: string | null; madeAgain: "size" | "age" },
): Promise<void> {
  await sql.query(
    `UPDATE "OrderPicture" SET "previewId" = $3, "madeAgain" = $4 WHERE "orderId" = $1 AND "lineId" = $2`,
    [claim.orderId, line.id, previewId, madeAgain],
  );
}

const because = {
  size: "the shopper paid for another size than they looked at",
  age: "the one that the shopper saw was too old",
};

// Only an approval after this very picture was there counts.
async function needApproval(
  { world, claim }: Readying,
  { line, preview, why }: { line: LineFacts; preview: Preview; why: "size" | "age" },
): Promise<void> {
  const { rows } = await world.db.query<{ isApproved: boolean }>(
    `SELECT coalesce("approvedAt" > $2, false) AS "isApproved" FROM "VendorOrder" WHERE id = $1`,
    [claim.id, preview.readyAt],
  );
  if (rows[0]?.isApproved) return;
  throw new VendorError(
    "rejected",
    `The preview of “${line.title}” was made again, because ${because[why]}. Look at both pictures, then press Approve.`,
    { needs: "approval" },
  );
}

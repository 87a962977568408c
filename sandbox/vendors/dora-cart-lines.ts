// One line of Dora's cart: read from PUT /cart as the document words it, priced, and shown again.
// Source: Dora API v2, "Update Cart" and "Get Cart", read 2026-11-22.
import { createHash } from "node:crypto";
import { z } from "zod";
import { inCountry, priceMinor, products, rings, type Made } from "./dora-catalogue.ts";
import { sizesIn } from "./dora-countries.ts";
import { configure, type AskedPart } from "./dora-items.ts";
import { countryOf, type DoraUser } from "./dora-login.ts";
import { pictureType, tinyPng } from "./pictures.ts";
import { json, type Reply } from "./stand-in.ts";

/** `key` comes from the configuration alone, so that two identical additions meet in one line. */
export interface CartLine {
  key: string;
  quantity: number;
  what: Made | { product: (typeof products)[number] };
  diamonds: unknown[];
  image?: string;
}

/** Cart errors are a text, not an object with a message. */
export const refuse = (status: number, error: string): Reply => json(status, { error });
const looseSchema = z.record(z.string(), z.unknown());
// Schemas are made once: making one costs more than a whole request.
const namedSchema = z.array(z.looseObject({ name: z.string().min(1) }));
const diamondSchema = z.strictObject({
  diamond_cut_id: z.number(),
  diamond_count_size: z.number(),
  diamond_size: z.number(),
  diamond_quality_id: z.string().min(1),
});
const ringSchema = z.strictObject({
  type: z.literal("ring"),
  id: z.int(),
  quantity: z.int().min(1),
  image: z.string().optional(),
  options: z.strictObject({
    size: z.number(),
    width: z.number(),
    parts: z.array(
      z.strictObject({
        name: z.string(),
        metal_id: z.int().optional(),
        color: z.enum(["White", "Yellow", "Rose"]).optional(),
        finish: z.enum(["Polished", "Hammered", "Brushed", "Iced"]).optional(),
      }),
    ),
    diamonds: z.array(diamondSchema).optional(),
  }),
});
const productSchema = z.strictObject({ type: z.literal("product"), id: z.int(), quantity: z.int().min(1) });
/** Reads an addition in the order of the document's messages, so each message can be met. */
export function readLine(body: Record<string, unknown>): CartLine | Reply {
  const { type, id, quantity } = body;
  if (type === undefined || id === undefined) return refuse(400, "Missing required parameters");
  if (type !== "ring" && type !== "product") return refuse(400, "Invalid item type");
  if (quantity === undefined || quantity === null || (typeof quantity === "number" && quantity < 1)) {
    return refuse(400, "Quantity is required");
  }
  if (type === "product") {
    const read = productSchema.safeParse(body);
    if (!read.success) return refuse(400, "Invalid request format");
    const product = products.find((one) => one.id === read.data.id);
    if (!product) return refuse(404, "Product not found");
    return { key: keyOf({ type, id }), quantity: read.data.quantity, what: { product }, diamonds: [] };
  }
  return readRing(body);
}

function readRing(body: Record<string, unknown>): CartLine | Reply {
  const loose = looseSchema.safeParse(body["options"]);
  const parts = loose.success ? loose.data["parts"] : undefined;
  if (!loose.success || !Array.isArray(parts) || parts.length === 0) {
    return refuse(400, "Missing required ring options");
  }
  if (loose.data["size"] === undefined || loose.data["width"] === undefined) {
    return refuse(400, "Missing required ring size or width");
  }
  const named = namedSchema.safeParse(parts);
  if (!named.success) return refuse(400, "Part name is required");
  const read = ringSchema.safeParse(body);
  if (!read.success) {
    // Only what stands inside `options` is an option's fault; a stray field beside it is the format's.
    const inOptions = read.error.issues.some((issue) => issue.path[0] === "options");
    return refuse(
      400,
      inOptions ? "Missing required ring options or invalid values" : "Invalid request format",
    );
  }
  const { id, quantity, image, options } = read.data;
  const wrongImage = image === undefined ? undefined : imageTrouble(image);
  if (wrongImage !== undefined) return refuse(400, wrongImage);

  const ring = rings.find((one) => one.id === id);
  const made = ring ? configure(ring, { ...options, parts: options.parts as AskedPart[] }) : "Item not found";
  const partsLeftOut =
    ring?.parts.some((part) => !options.parts.some((one) => one.name === part.name)) ?? true;
  const diamonds = options.diamonds ?? [];
  if (typeof made === "string" || partsLeftOut || (diamonds.length > 0 && made.ring.diamonds.length === 0)) {
    return refuse(404, "Item not found or incorrect options");
  }
  const key = keyOf({ type: "ring", id, size: made.size, width: made.width, parts: made.parts, diamonds });
  return { key, quantity, what: made, diamonds, ...(image === undefined ? {} : { image }) };
}

function imageTrouble(image: string): string | undefined {
  const data = /^data:image\/png;base64,(.+)$/s.exec(image)?.[1];
  if (data === undefined) return "Invalid image format. Only base64 encoded PNG images are supported.";
  const bytes = Buffer.from(data, "base64");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data) || pictureType(bytes) !== "image/png")
    return "Invalid base64 image data";
  return undefined;
}

function keyOf(configuration: unknown): string {
  return createHash("sha1").update(JSON.stringify(configuration)).digest("hex");
}

function unitMinor({ what }: CartLine, user: DoraUser): number {
  const country = countryOf(user);
  return "product" in what
    ? inCountry(what.product.cents, country)
    : priceMinor(what, { country, mode: "ring" });
}

/** Minor units. */
export function totalOf(lines: CartLine[], user: DoraUser): number {
  return lines.reduce((sum, line) => sum + line.quantity * unitMinor(line, user), 0);
}

const drawn = new Map<string, string>();

function pictureOf(line: CartLine): string {
  if (line.image !== undefined) return line.image;
  const seed = "product" in line.what ? `product-${line.what.product.id}` : `style-${line.what.ring.id}`;
  const known = drawn.get(seed) ?? `data:image/png;base64,${tinyPng(seed, 160).toString("base64")}`;
  drawn.set(seed, known);
  return known;
}

/** As GET /cart shows it. */
export function shownLine(line: CartLine, user: DoraUser) {
  const { key: item_key, quantity, what } = line;
  const price = unitMinor(line, user) / 100;
  if ("product" in what) {
    const { id, name, description } = what.product;
    return {
      type: "product",
      id,
      quantity,
      price,
      item_key,
      details: { name, description, image: pictureOf(line) },
    };
  }
  const { ring, size, width, parts } = what;
  const country = countryOf(user);
  return {
    type: "ring",
    id: ring.id,
    quantity,
    price,
    item_key,
    options: { size, width, parts, ...(line.diamonds.length > 0 ? { diamonds: line.diamonds } : {}) },
    details: {
      style_no: ring.styleNo,
      description: ring.information,
      default_size_mm: 17.7,
      default_width: ring.defaultWidth,
      min_width: ring.minWidth,
      max_width: ring.maxWidth,
      size_table: country.sizeTable,
      local_size: sizesIn(country).find((one) => one.size_mm === size)?.size,
      image: pictureOf(line),
    },
  };
}

/** A bought line without the style's stock picture, which is large and says nothing. */
export function orderedLine(line: CartLine, user: DoraUser) {
  const { what, quantity, diamonds, image } = line;
  const price = unitMinor(line, user) / 100;
  const picture = image === undefined ? {} : { image };
  if ("product" in what) {
    const { id, name } = what.product;
    return { style_no: `product ${id}`, quantity, type: "product", id, name, price, ...picture };
  }
  const { ring, size, width, parts } = what;
  const stones = diamonds.length > 0 ? { diamonds } : {};
  return {
    style_no: ring.styleNo,
    quantity,
    type: "ring",
    id: ring.id,
    size,
    width,
    parts,
    ...stones,
    price,
    ...picture,
  };
}

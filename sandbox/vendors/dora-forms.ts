// Dora beside the cart: products, the PDF of a ring, CMS collections, and the two forms that send an e-mail.
// Source: Dora API v2, "Get Item PDF", "Directus", "Product" and "Contact Endpoints", read 2026-11-22.
import { z } from "zod";
import { collections, inCountry, metals, priceMinor, products, rings } from "./dora-catalogue.ts";
import { countries, type Country } from "./dora-countries.ts";
import { configure, pictureUrl } from "./dora-items.ts";
import { tinyPdf } from "./pictures.ts";
import { json, type Reply } from "./stand-in.ts";

const refuse = (status: number, message: string): Reply => json(status, { error: { message } });
const thanks = (message: string): Reply => json(200, { success: { message } });
const badFormat = refuse(400, "Invalid request format");

/** Why Dora's mail server takes no e-mail at the moment; undefined while it takes them. */
export type MailTrouble = string | undefined;

const pdfSchema = z.strictObject({
  style_id: z.int(),
  mode: z.enum(["ring", "sample"]).optional(),
  size: z.number().optional(),
  width: z.number().optional(),
  metal_id: z.int().optional(),
  image: z.string().optional(),
  color: z.enum(["White", "Yellow", "Rose"]).optional(),
  finish: z.enum(["Polished", "Hammered", "Brushed", "Iced"]).optional(),
  engraving_text: z.string().optional(),
  engraving_font: z.string().optional(),
});

/** POST /catalog/pdf */
export function showPdf(body: unknown, country: Country): Reply {
  if (typeof body !== "object" || body === null || !("style_id" in body)) {
    return refuse(400, "style_id parameter is required");
  }
  const read = pdfSchema.safeParse(body);
  if (!read.success) return badFormat;
  const {
    style_id,
    size,
    width,
    metal_id,
    color,
    finish,
    mode = "ring",
    engraving_text,
    engraving_font,
  } = read.data;
  const ring = rings.find((one) => one.id === style_id);
  if (!ring) return refuse(404, "Item not found");
  const parts = ring.parts.map(({ name }) => ({ name, ...(metal_id === undefined ? {} : { metal_id }) }));
  const made = configure(ring, { size, width, parts });
  if (typeof made === "string") return refuse(400, made);
  const lines = [
    `Style ${ring.styleNo}`,
    ring.information,
    `Material: ${metals.find((one) => one.id === made.parts[0]?.metal_id)?.name ?? ""}`,
    ...(color ? [`Color: ${color}`] : []),
    ...(finish ? [`Finish: ${finish}`] : []),
    `Size: ${made.size} mm   Width: ${made.width} mm`,
    ...(engraving_text
      ? [`Engraving: ${engraving_text} ${engraving_font ? `(${engraving_font})` : ""}`]
      : []),
    `Price: ${(priceMinor(made, { country, mode }) / 100).toFixed(2)} ${country.currency}`,
  ];
  const headers = { "content-disposition": `attachment; filename="style_${ring.styleNo}.pdf"` };
  return { status: 200, bytes: tinyPdf(lines), type: "application/pdf", headers };
}

const cmsSearchSchema = z.strictObject({ search: z.string().optional() });

/** POST /directus/collections */
export function cmsCollections(body: unknown): Reply {
  const read = cmsSearchSchema.safeParse(body ?? {});
  if (!read.success) return badFormat;
  const search = (read.data.search ?? "").toLowerCase();
  const rows = countries
    .flatMap((country) =>
      collections.map((one) => ({
        id: country.id * 100 + one.id,
        country_id: country.id,
        country_name: country.name,
        collection_name: `${country.name} - ${one.collection_name}`,
      })),
    )
    .filter((row) => row.collection_name.toLowerCase().includes(search));
  return rows.length > 0 ? json(200, rows) : refuse(404, "No collections found");
}

const productSearchSchema = z.strictObject({
  search: z.string().optional(),
  page: z.int().min(1).optional(),
  limit: z.int().min(1).optional(),
  sort_by: z.enum(["product_name", "product_price"]).optional(),
  sort_dir: z.enum(["asc", "desc"]).optional(),
});

interface Where {
  country: Country;
  url: string;
}

function shownProduct(product: (typeof products)[number], { country, url }: Where) {
  const { id, name, description, cents } = product;
  const image = pictureUrl(url, `product-${id}`);
  return { id, name, description, price: inCountry(cents, country) / 100, image };
}

/** POST /product/items */
export function searchProducts(body: unknown, where: Where): Reply {
  const read = productSearchSchema.safeParse(body ?? {});
  if (!read.success) return badFormat;
  const { search = "", page = 1, sort_by = "product_name", sort_dir = "asc" } = read.data;
  const limit = Math.min(read.data.limit ?? 20, 100);
  const found = products
    .filter((one) => `${one.name} ${one.description}`.toLowerCase().includes(search.toLowerCase()))
    .toSorted((a, b) => (sort_by === "product_name" ? a.name.localeCompare(b.name) : a.cents - b.cents));
  if (sort_dir === "desc") found.reverse();
  const shown = found.slice((page - 1) * limit, page * limit);
  if (shown.length === 0) return refuse(404, "No items found");
  return json(200, {
    items: shown.map((one) => shownProduct(one, where)),
    pagination: { total: found.length, page, limit, pages: Math.ceil(found.length / limit) },
  });
}

/** GET /product/item/{id} */
export function showProduct(id: string | undefined, where: Where): Reply {
  if (id === undefined || !/^\d+$/.test(id)) return refuse(400, "Item ID is required");
  const found = products.find((one) => one.id === Number(id));
  return found ? json(200, shownProduct(found, where)) : refuse(404, "Item not found");
}

const requestFields = ["name", "width", "height", "logo", "store_name", "same_address", "notes", "terms"];
const addressRules: Record<string, RegExp> = {
  streetname: /^[\p{L}\p{N} ]+$/u,
  city: /^[\p{L} ]+$/u,
  country: /^[\p{L} ]+$/u,
  zipcode: /^\d+$/,
};

/** POST /product/request (multipart) */
export function requestProduct(form: FormData, trouble: MailTrouble): Reply {
  const known = [...requestFields, ...Object.keys(addressRules)];
  if ([...form.keys()].some((name) => !known.includes(name))) return badFormat;
  const text = (name: string): string => {
    const value = form.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  const measured = ["width", "height"].every((name) => Number(text(name)) > 0);
  if (text("name") === "" || !measured || text("terms") !== "true")
    return refuse(400, "Missing required fields");
  if (text("same_address") === "false") {
    const wrong = Object.entries(addressRules).some(([name, rule]) => !rule.test(text(name)));
    if (wrong) return refuse(400, "Invalid address fields");
  }
  return trouble === undefined
    ? thanks("Request submitted successfully")
    : refuse(500, `Failed to send request: ${trouble}`);
}

const isText = z.string().trim().min(1);
const contactSchema = z.strictObject({ name: isText, email: isText, comment: isText });

/** POST /contact/submit */
export function submitContact(body: unknown, trouble: MailTrouble): Reply {
  const read = contactSchema.safeParse(body);
  if (!read.success) return refuse(400, "Missing required fields");
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(read.data.email)) return refuse(400, "Invalid email format");
  return trouble === undefined
    ? thanks("Message sent successfully")
    : refuse(500, `Failed to send message: ${trouble}`);
}

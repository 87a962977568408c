// What an MGE account offers: its brands, how a SKU is written, and the kits it may order. Looked up, never made up.
// Source: MGE DOT guide, "Flow A: Order + image", read 2026-11-22; fields of the rows as partners of MGE saw them.
import { z } from "zod";
import { VendorError, type VendorReply, type VendorRequest } from "../vendor.ts";
import { needsApi, request, rowsOf, type Talk } from "./request.ts";

// Only the number is needed; everything else is for people, and a row is not lost for an odd value in it.
const word = z.string().nullish().catch(undefined);

const brandRow = z.looseObject({
  brand_id: z.coerce.number().int().positive(),
  brand_name: word,
  brand_short_code: word,
  brand_email: word,
  preferred_currency: word,
  access_role: word,
  is_default: z.boolean().nullish().catch(undefined),
});

/** One brand of the account; texts are "" when MGE does not say. */
export interface Brand {
  id: number;
  name: string;
  shortCode: string;
  email: string;
  currency: string;
  role: string;
  isDefault: boolean;
}

/** The brands this key may order for ("GET /api/v1/account/brands/"). */
export async function brands({ settings, asking }: Talk): Promise<Brand[]> {
  const reply = await asking.ask(
    request(settings, { method: "GET", path: "/api/v1/account/brands/", alsoFine: [404] }),
  );
  needsApi(reply);
  return rowsOf(reply.json, brandRow).map((row) => ({
    id: row.brand_id,
    name: row.brand_name ?? "",
    shortCode: row.brand_short_code ?? "",
    email: row.brand_email ?? "",
    currency: row.preferred_currency ?? "",
    role: row.access_role ?? "",
    isDefault: row.is_default ?? false,
  }));
}

const typeReply = z.looseObject({ name: word, sku_template: word, sku_example: word });

/** How MGE writes the SKU of a DOT kit. */
export interface SkuFormat {
  name: string;
  template: string;
  example: string;
}

/** The SKU format ("GET /api/v1/products/types/DOT/"): for people to read, no SKU is put together from it. */
export async function skuFormat({ settings, asking }: Talk): Promise<SkuFormat> {
  const reply = await asking.ask(
    request(settings, { method: "GET", path: "/api/v1/products/types/DOT/", alsoFine: [404] }),
  );
  needsApi(reply);
  const parsed = typeReply.safeParse(reply.json);
  if (!parsed.success || reply.status === 404)
    throw new VendorError("retry", "MGE DOT's answer about its SKUs could not be read.");
  const { name, sku_template, sku_example } = parsed.data;
  return { name: name ?? "DOT", template: sku_template ?? "", example: sku_example ?? "" };
}

const variantRow = z.looseObject({
  code: word,
  sku: word,
  product_type: word,
  size_display: word,
  size: word,
  frame_display: word,
  frame: word,
  color: word,
  manufacturing: word,
  unit_price: z.union([z.string(), z.number()]).nullish().catch(undefined),
});

/** One kit MGE sells; codes are MGE's and "" when it does not say. `price` is what MGE charges the brand. */
export interface Variant {
  /** Complete: rows without a complete SKU are left out, because a SKU is never made up. */
  sku: string;
  label: string;
  family: string;
  size: string;
  sizeLabel: string;
  frame: string;
  frameLabel: string;
  color: string;
  speed: string;
  price: string;
}

const mostPages = 10;

/** The kits of this account ("GET /api/v1/products/types/DOT/variants/"), following pages on the same host, at most ten. */
export async function variants({ settings, asking }: Talk): Promise<Variant[]> {
  const first = request(settings, { method: "GET", path: "/api/v1/products/types/DOT/variants/" });
  const found: Variant[] = [];
  let next: VendorRequest | undefined = first;
  for (let page = 0; next !== undefined && page < mostPages; page++) {
    const reply: VendorReply = await asking.ask(next);
    found.push(...rowsOf(reply.json, variantRow).flatMap(variantOf));
    const link = z.looseObject({ next: z.string() }).safeParse(reply.json).data?.next;
    // The key goes along, so never to another host.
    const stays =
      link !== undefined && URL.canParse(link) && new URL(link).origin === new URL(first.url).origin;
    next = stays ? { ...first, url: link } : undefined;
  }
  return found;
}

function variantOf(row: z.infer<typeof variantRow>): Variant[] {
  const sku = row.sku || row.code;
  if (!sku?.includes("/")) return [];
  const [size, frame, color] = [row.size ?? "", row.frame ?? "", row.color ?? ""];
  const [sizeLabel, frameLabel] = [row.size_display ?? size, row.frame_display ?? frame];
  const speed = row.manufacturing ?? "";
  const label = [sizeLabel, frameLabel, color.toLowerCase(), speed].filter(Boolean).join(", ") || sku;
  const [family, price] = [row.product_type ?? "", String(row.unit_price ?? "")];
  return [{ sku, label, family, size, sizeLabel, frame, frameLabel, color, speed, price }];
}

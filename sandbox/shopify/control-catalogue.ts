// The control doors of the catalogue: products made, changed and deleted as by the merchant, a large catalogue
// seeded, and what is planned for bulk operations.
import { z } from "zod";
import { bulkPlan } from "./bulk-operations.ts";
import { json, type Reply } from "./http.ts";
import { gid } from "./ids.ts";
import type { LocalShopify, ShopHandle } from "./index.ts";
import { productOf } from "./products.ts";
import type { ProductRecord } from "./types.ts";

const metafields = z
  .array(
    z.object({
      namespace: z.string(),
      key: z.string(),
      type: z.string().optional(),
      value: z.string().nullable(),
    }),
  )
  .optional();

/** POST /_sandbox/products/{id}/update: what changes. `shop` chooses the shop. */
const changeBody = z.object({
  shop: z.string().optional(),
  title: z.string().min(1).optional(),
  handle: z.string().optional(),
  vendor: z.string().optional(),
  productType: z.string().optional(),
  status: z.enum(["active", "draft", "archived"]).optional(),
  tags: z.array(z.string()).optional(),
  bodyHtml: z.string().optional(),
  options: z.array(z.object({ name: z.string() })).optional(),
  variants: z
    .array(
      z.object({
        id: z.string().optional(),
        options: z.array(z.string()).optional(),
        sku: z.string().nullish(),
        barcode: z.string().nullish(),
        priceMinor: z.number().int().optional(),
        grams: z.number().optional(),
        weightUnit: z.enum(["GRAMS", "KILOGRAMS", "OUNCES", "POUNDS"]).optional(),
        requiresShipping: z.boolean().optional(),
        metafields,
      }),
    )
    .min(1)
    .optional(),
  images: z.array(z.object({ src: z.string(), alt: z.string().nullish() })).optional(),
  metafields,
});

/** POST /_sandbox/products. */
const productBody = changeBody.extend({ title: z.string().min(1) });

interface Door {
  what: string;
  id: string | undefined;
  deed: string | undefined;
  shop: ShopHandle;
  body: unknown;
}

/** Answers one POST, or null when the door is not of the catalogue. */
export async function answerCatalogue(local: LocalShopify, door: Door): Promise<Reply | null> {
  const { what, id, deed, body } = door;
  const named = z.object({ shop: z.string().optional() }).parse(body).shop;
  const shop = named ? local.forShop(named) : door.shop;
  switch (what) {
    case "products":
      if (id === undefined) return json(briefly(await shop.createProduct(productBody.parse(body))), 201);
      return json(await productDeed(shop, { id, deed, body }));
    case "seed-products": {
      const { count } = z.object({ count: z.number().int().min(1).max(100_000) }).parse(body);
      const made = shop.seedProducts(count);
      return json({ count: made.length, firstId: made[0]?.id, lastId: made.at(-1)?.id }, 201);
    }
    case "bulk-plans":
      local.bulk.plan(bulkPlan.parse(body));
      return json(local.bulk.plans(), 201);
    case "bulk-release":
      local.bulk.release();
      return json({ ok: true });
    case "bulk-settle":
      await local.bulk.settled();
      return json({ ok: true });
    default:
      return null;
  }
}

async function productDeed(
  shop: ShopHandle,
  { id, deed, body }: { id: string; deed: string | undefined; body: unknown },
) {
  switch (deed) {
    case "update":
      return briefly(await shop.updateProduct(id, changeBody.parse(body)));
    case "archive":
      return briefly(await shop.archiveProduct(id));
    case "delete":
      await shop.deleteProduct(id);
      return { ok: true };
    default:
      throw new Error(`a product cannot be "${deed ?? ""}" here: update, archive or delete it`);
  }
}

function briefly({ id, handle, status, variants }: ProductRecord) {
  return { id, handle, status, variants: variants.map((variant) => ({ id: variant.id, sku: variant.sku })) };
}

/** One product with its metafields and those of its variants. Throws when there is none. */
export function productWhole({ store }: ShopHandle, id: string) {
  const product = productOf(store, id);
  const owners = [gid("Product", id), ...product.variants.map((one) => gid("ProductVariant", one.id))];
  const metafields = owners.flatMap((owner) => [...(store.metafields.get(owner)?.values() ?? [])]);
  return { product, metafields };
}

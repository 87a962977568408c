// The scene of a run: three shops that installed the app, their vendor accounts and mappings as a merchant would have
// left them, and the ways to place an order and to see which webhooks have arrived.
import { z } from "zod";
import type { Db } from "#app/db.server.ts";
import { sealToken } from "#app/session-storage.server.ts";
import type { CartLineInput } from "#sandbox/shopify/types.ts";
import { aConnection, aMapping, aShop } from "#test/support/road.ts";
import { ringFinishes, ringSizes, type Assortment } from "./orders.ts";
import type { VendorId } from "./vendors.ts";

/** The first two share one Dora login, so one cart; the third has none. */
export const shops = ["chaos-one.myshopify.com", "chaos-two.myshopify.com", "chaos-three.myshopify.com"];
const withDora = shops.slice(0, 2);

/** The only login at Dora, which a person uses as well. */
export const doraLogin = { username: "dealer", password: "dora_demo" };

/** The local Shopify, as far as the harness uses it. */
export interface ShopifyDoor {
  url: string;
  /** Places a paid order; answers with its number in Shopify. */
  order(shop: string, lines: CartLineInput[]): Promise<string>;
  /** How many webhooks stand in which state: delivered, waiting (for the next try), given-up … */
  deliveries(): Promise<Record<string, number>>;
  /** Tries every failed webhook again now. */
  retryAll(): Promise<void>;
}

const placed = z.object({ id: z.string() });
const grant = z.object({ accessToken: z.string(), refreshToken: z.string() });
const products = z.array(
  z.object({
    form: z.string(),
    handle: z.string(),
    variants: z.array(z.object({ id: z.string(), sku: z.string().nullable() })),
  }),
);

export function shopifyAt(url: string): ShopifyDoor {
  return {
    url,
    order: async (shop, lines) => placed.parse(await post(url, "checkout", { shop, lines })).id,
    deliveries: async () => z.record(z.string(), z.number()).parse(await get(url, "delivery-counts")),
    retryAll: async () => void (await post(url, "retry", { at: "2100-01-01T00:00:00Z" })),
  };
}

async function get(url: string, path: string): Promise<unknown> {
  return (await fetch(`${url}/_sandbox/${path}`)).json();
}

async function post(url: string, path: string, body: unknown): Promise<unknown> {
  const reply = await fetch(`${url}/_sandbox/${path}`, { method: "POST", body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(`${path} was refused: ${await reply.text()}`);
  return reply.json();
}

/** Sets the shops up; answers with what each of them sells. */
export async function setUpShops(
  db: Db,
  { shopifyUrl, vendorUrls }: { shopifyUrl: string; vendorUrls: Record<VendorId, string> },
): Promise<Assortment[]> {
  const made: Assortment[] = [];
  for (const [index, shop] of shops.entries()) {
    await aShop(db, shop);
    await aSession(db, shop, shopifyUrl);
    const catalogue = products.parse(await get(shopifyUrl, `products?shop=${shop}`));
    const variants = (form: string) =>
      catalogue.filter((product) => product.form === form).flatMap((product) => product.variants);
    const assortment: Assortment = {
      shop,
      kits: variants("photo").map(({ id, sku }) => ({ variantId: id, sku: sku ?? "" })),
      prints: variants("customiser").map(({ id }) => ({ variantId: id })),
      // Every ring variant of every shop has a width of its own, so that a ring in the ledger names its shop.
      rings: withDora.includes(shop)
        ? variants("ring").map(({ id }, n) => ({ variantId: id, width: (25 + 10 * index + n) / 10 }))
        : [],
      own: { variantId: variants("none").find(({ sku }) => sku?.startsWith("TEE"))?.id ?? "" },
    };
    await connect(db, assortment, vendorUrls);
    made.push(assortment);
  }
  return made;
}

async function connect(
  db: Db,
  { shop, kits, prints, rings }: Assortment,
  vendorUrls: Record<VendorId, string>,
): Promise<void> {
  const dot = await aConnection(db, {
    vendor: "dot",
    shop,
    settings: { baseUrl: vendorUrls.dot, apiKey: "mge_sk_demo", brandId: 116 },
  });
  for (const { variantId, sku } of kits)
    await aMapping(db, { variantId, connectionId: dot, product: { sku }, domain: shop });
  // Silence is held: the default, and the only setting with which the OMS can never be told twice.
  const oms = await aConnection(db, {
    vendor: "oms",
    shop,
    settings: {
      baseUrl: vendorUrls.oms,
      token: "oms_demo",
      storeId: "S1",
      defaultShippingCode: "STANDARD",
    },
  });
  for (const { variantId } of prints)
    await aMapping(db, { variantId, connectionId: oms, product: {}, domain: shop });
  if (rings.length === 0) return;
  const dora = await aConnection(db, {
    vendor: "dora",
    shop,
    settings: { baseUrl: vendorUrls.dora, ...doraLogin },
  });
  for (const { variantId, width } of rings)
    await aMapping(db, { variantId, connectionId: dora, product: band(width), domain: shop });
}

function band(width: number): Record<string, unknown> {
  const part = { name: "Band", metalId: 5, color: "Yellow", finish: "Polished" };
  return {
    type: "ring",
    id: 310,
    collectionId: 12,
    width,
    parts: [{ ...part, finishes: ringFinishes.join(", ") }],
    sizes: ringSizes,
    diamonds: [],
  };
}

// What opening the app once leaves behind: an offline token that Shopify accepts, sealed.
async function aSession(db: Db, shop: string, shopifyUrl: string): Promise<void> {
  const token = grant.parse(await post(shopifyUrl, "token", { shop }));
  await db.query(
    `INSERT INTO "Session" (id, shop, state, scope, expires, "accessToken", "refreshToken", "refreshTokenExpires")
     VALUES ($1, $2, '', 'read_orders,read_products,write_merchant_managed_fulfillment_orders,write_app_proxy', now() + interval '60 minutes', $3, $4, now() + interval '90 days')`,
    [
      `offline_${shop}`,
      shop,
      sealToken(token.accessToken, { column: "accessToken", shop }),
      sealToken(token.refreshToken, { column: "refreshToken", shop }),
    ],
  );
}

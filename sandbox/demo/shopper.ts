// A shopper in the local shop: fills the cart through the theme's own endpoint and pays at the checkout.
import type { DemoWorld } from "./world.ts";

/** One thing to buy, by SKU, with what its product page would leave in the line's properties. */
export interface Wish {
  sku: string;
  quantity: number;
  properties?: Record<string, string>;
}

/** An order as the local Shopify has it. */
export interface PlacedOrder {
  id: string;
  name: string;
  lines: { id: string; sku: string; quantity: number; title: string }[];
}

/** Kit with a photo link, print from a customiser, album from an editor, two-part ring, and a T-shirt of the shop's own. */
export function mixedCart(shopifyUrl: string): Wish[] {
  const design = encodeURIComponent(JSON.stringify({ template: "map", town: "Łódź", words: "50% us" }));
  return [
    {
      sku: "DOT/VF/40X50/W/BLACK/STD",
      quantity: 1,
      properties: { _dot_asset_url: `${shopifyUrl}/cdn/photos/fruit.jpg` },
    },
    {
      sku: "MAP-A3",
      quantity: 2,
      properties: {
        _template_config: design,
        _thumbnail: "https://cdn.example.com/lodz.png",
        Town: "Łódź",
        Words: "50% us",
      },
    },
    { sku: "ALBUM-20", quantity: 1, properties: { _editor_id: "demoAlbum" } },
    { sku: "RING-2P-52", quantity: 1, properties: { Finish: "Polished" } },
    { sku: "TEE-M", quantity: 1 },
  ];
}

/** Buys; answers with the order that Shopify made of it. */
export async function buy(world: Pick<DemoWorld, "shopifyUrl">, wishes: Wish[]): Promise<PlacedOrder> {
  const { shopifyUrl } = world;
  const variants = await variantsBySku(shopifyUrl);
  const items = wishes.map(({ sku, quantity, properties = {} }) => {
    const id = variants.get(sku);
    if (!id) throw new Error(`the local shop sells no ${sku}`);
    return { id, quantity, properties };
  });
  const added = await fetch(`${shopifyUrl}/cart/add.js`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ items }),
  });
  if (!added.ok) throw new Error(`the cart refused: ${await added.text()}`);
  const cookie = added.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const paid = await fetch(`${shopifyUrl}/checkout`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie },
    body: new URLSearchParams({ ...buyer, payment: "now" }),
  });
  const place = paid.headers.get("location") ?? "";
  if (!place.startsWith("/orders/")) throw new Error(`the checkout answered ${paid.status}`);
  const [newest] = (await (await fetch(`${shopifyUrl}/_sandbox/orders?last=1`)).json()) as PlacedOrder[];
  if (!newest) throw new Error("the local Shopify has no order");
  return newest;
}

const buyer = {
  email: "ana.tan@example.com",
  firstName: "Ana",
  lastName: "Tan",
  address1: "1 Main St",
  address2: "#04-12",
  city: "Singapore",
  zip: "018956",
  country: "Singapore",
  countryCode: "SG",
  phone: "+6581234567",
};

async function variantsBySku(shopifyUrl: string): Promise<Map<string, string>> {
  const products = (await (await fetch(`${shopifyUrl}/_sandbox/products`)).json()) as {
    variants: { id: string; sku: string | null }[];
  }[];
  return new Map(products.flatMap(({ variants }) => variants.map(({ sku, id }) => [sku ?? "", id] as const)));
}

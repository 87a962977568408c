// Orders as Shopify's webhooks carry them: placed in the local Shopify, which sends nothing here.
import { findVariant, startShopify } from "#sandbox/shopify/index.ts";

/** The products of the demo shop that MGE DOT and the OMS make. */
export const kitSku = "DOT/VF/40X50/W/BLACK/STD";
export const printSku = "MAP-A3";

/** A shop and its variants of the two products. */
export interface ShopVariants {
  shop: string;
  kit: string;
  print: string;
}

/** One order as a webhook body. */
export interface OrderBody {
  shop: string;
  shopifyId: string;
  vendor: "dot" | "oms";
  body: string;
}

const design = encodeURIComponent(JSON.stringify({ template: "map", town: "Łódź", words: "50% us" }));

/**
 * Places `count` paid orders with one line each, in turn over `shops`, every other one for MGE DOT (a kit with a link
 * to `photoUrl`), the others for the OMS (a print with its design).
 */
export async function orderBodies({
  shops,
  count,
  photoUrl,
}: {
  shops: string[];
  count: number;
  photoUrl: string;
}): Promise<{ variants: ShopVariants[]; orders: OrderBody[] }> {
  const shopify = await startShopify({ shops, deliver: false });
  try {
    const variantOf = (shop: string, sku: string): string => {
      const found = findVariant(shopify.forShop(shop).store, { sku });
      if (!found) throw new Error(`the demo shop has no ${sku}`);
      return found.id;
    };
    const variants = shops.map((shop) => ({
      shop,
      kit: variantOf(shop, kitSku),
      print: variantOf(shop, printSku),
    }));
    const orders: OrderBody[] = [];
    for (let n = 0; n < count; n++) {
      const shop = shops[n % shops.length] ?? "";
      const vendor = Math.floor(n / shops.length) % 2 === 0 ? "dot" : "oms";
      const handle = shopify.forShop(shop);
      const placed = await handle.checkout({
        lines: [
          vendor === "dot"
            ? { sku: kitSku, quantity: 1, properties: { _dot_asset_url: `${photoUrl}?order=${n}` } }
            : {
                sku: printSku,
                quantity: 2,
                properties: {
                  _template_config: design,
                  _thumbnail: "https://cdn.example.com/lodz.png",
                  Town: "Łódź",
                },
              },
        ],
      });
      const body = JSON.stringify(handle.orderAsWebhook(placed.id));
      orders.push({ shop, shopifyId: placed.id, vendor, body });
    }
    return { variants, orders };
  } finally {
    await shopify.stop();
  }
}

// A shop's name in the admin's addresses.

/** demo.myshopify.com → demo, as in admin.shopify.com/store/demo. */
export function handleOf(shop: string): string {
  return shop.replace(/\.myshopify\.com$/, "");
}

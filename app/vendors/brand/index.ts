// dotcph "Brand Product API": a brand's catalogue for its sales agency. There is no way to order through it.
import { defineVendor } from "../vendor.ts";
import { deactivateProduct, listItems, testConnection } from "./client.ts";
import { item, toItem } from "./payload.ts";
import { publish } from "./publish.ts";
import { settings } from "./settings.ts";
import { contentOf, readError } from "./status.ts";
import { tools } from "./tools.ts";

/** The declaration. Without `orders`, no order line can be given to it; without `product`, nothing can be mapped. */
export const brand = defineVendor({
  id: "brand",
  label: "dotcph",
  summary: "Catalogue only: shows your products, with wholesale prices, to your sales agency.",
  settings,
  product: [],
  goodToKnow: [
    "dotcph takes no orders: it is told your products, and nothing of your customers.",
    "Your agency gives you the API key, and tells you in which currency it keeps your prices.",
    "What the agency pays comes from your own rule. The cost you entered in Shopify is never sent.",
    "A product that goes is made inactive at dotcph, and active again when it comes back.",
  ],
  // The last push of a SKU wins, so two at once could leave the older one standing.
  atOnce: 1,
  // The key's name without its secret: two shops with one key write to one catalogue.
  accountKey: ({ baseUrl, apiKey }) => `${new URL(baseUrl).host} ${apiKey.split(":", 1)[0] ?? ""}`,
  test: testConnection,
  readError,
  catalogue: {
    item,
    toItem,
    keyOf: ({ product }) => product.sku,
    batchSize: 100,
    publish,
    withdraw: deactivateProduct,
    list: listItems,
    contentOf,
  },
  tools,
});

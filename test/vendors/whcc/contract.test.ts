// WHCC in the battery, through both of its APIs: a confirmation may be repeated, so every lost answer can be cleared up.
import { startWhcc } from "#sandbox/vendors/whcc.ts";
import { orderContract } from "#test/vendors/contract.ts";
import { aDesignLine, settings } from "./support.ts";

for (const placing of ["editor", "submit"] as const) {
  orderContract({
    vendor: "whcc",
    mode: placing === "editor" ? "Editor API" : "Order Submit API",
    start: () => startWhcc({ port: 0 }),
    // The battery's orders go to Singapore, by Shopify's "STD".
    settings: (url) => settings({ baseUrl: url, submitBaseUrl: url, placing, countries: "US, SG" }),
    product: { productUids: "186" },
    line: () => ({ quantity: 1, properties: aDesignLine().properties }),
    privateHosts: () => [],
    provable: true,
    lines: [{ quantity: 1 }],
  });
}

// MGE DOT in the battery: by draft, where every outcome can be found out, and directly, where a person must look.
import { startDot } from "#sandbox/vendors/dot.ts";
import { properties } from "#test/support/builders.ts";
import { photoHost } from "#test/support/photos.ts";
import { orderContract } from "#test/vendors/contract.ts";

const photos = photoHost();

for (const submission of ["draft", "direct"] as const) {
  orderContract({
    vendor: "dot",
    mode: submission,
    start: () => startDot({ port: 0 }),
    settings: (url) => ({ baseUrl: url, apiKey: "mge_sk_demo", brandId: 116, submission }),
    product: { sku: "DOT/VF/40X50/W/BLACK/STD" },
    line: () => ({ quantity: 2, properties: properties({ _dot_asset_url: photos.url() }) }),
    privateHosts: () => [new URL(photos.url()).host],
    provable: submission === "draft",
    lines: [{ quantity: 2 }],
  });
}

orderContract({
  vendor: "dot",
  mode: "draft with the picture uploaded",
  start: () => startDot({ port: 0 }),
  settings: (url) => ({
    baseUrl: url,
    apiKey: "mge_sk_demo",
    brandId: 116,
    submission: "draft",
    artworkTransfer: "from-url",
  }),
  product: { sku: "DOT/VF/40X50/W/BLACK/STD" },
  line: () => ({ quantity: 1, properties: properties({ _dot_asset_url: photos.url() }) }),
  privateHosts: () => [new URL(photos.url()).host],
  provable: true,
  lines: [{ quantity: 1 }],
});

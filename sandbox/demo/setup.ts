// What a merchant does on the first day, done once at the start of the demo: opens the app, connects the five
// vendors and says for every product of the demo shop what it is there. All of it through the app's own forms.
import type { Merchant } from "./merchant.ts";
import { vendorIds, type DemoWorld, type OrderVendorId, type VendorId } from "./world.ts";

/** Each vendor's connection form, as the stand-ins' accounts want it filled in. */
const accounts: Record<VendorId, Record<string, string>> = {
  dot: { apiKey: "mge_sk_demo", brandId: "116", upperCaseSku: "true" },
  oms: {
    token: "oms_demo",
    storeId: "S1",
    defaultShippingCode: "STANDARD",
    createPrintFiles: "true",
    sendNote: "true",
  },
  whcc: {
    key: "whcc_demo",
    secret: "whcc_secret",
    accountId: "demo-shopper",
    consumerKey: "oas_demo",
    consumerSecret: "oas_secret",
    orderAttributes: "96",
    defaultShippingAttributes: "554",
    countries: "US, SG",
    fromName: "Lake Photo Lab",
    fromAddr1: "3432 Denmark Ave",
    fromCity: "Eagan",
    fromState: "MN",
    fromZip: "55123",
    fromCountry: "US",
  },
  dora: { username: "dealer", password: "dora_demo" },
  brand: {
    apiKey: "bk_demo:brand_demo",
    currency: "USD",
    wholesaleRule: "percent",
    wholesalePercent: "50",
    skuRule: "prefix",
  },
};

const makers: Record<string, OrderVendorId | undefined> = {
  photo: "dot",
  customiser: "oms",
  album: "whcc",
  ring: "dora",
};

interface DemoProduct {
  handle: string;
  title: string;
  form: string;
  variants: { id: string; sku: string | null; options: string[] }[];
}

/** Connects and maps; throws with the page's own words when the app refuses anything. */
export async function setUpShop(
  world: DemoWorld,
  merchant: Merchant,
): Promise<{ mapped: number; catalogue: string }> {
  await merchant.open();
  const connections: Partial<Record<VendorId, string>> = {};
  // One after the other, as a person would; each is tried at the vendor before it is kept.
  for (const id of vendorIds) connections[id] = await connect(world, merchant, id);
  let mapped = 0;
  for (const product of await products(world)) {
    const maker = makers[product.form];
    const connectionId = maker && connections[maker];
    if (!maker || !connectionId) continue;
    for (const variant of product.variants) {
      const path = `/app/products/${variant.id}`;
      const chosen =
        maker === "dora"
          ? await pickRing(merchant, { path, connectionId, product, variant })
          : maker === "whcc"
            ? { productUids: "426" }
            : {};
      await done(merchant, path, { intent: "save", connectionId, ...chosen });
      mapped += 1;
    }
  }
  return { mapped, catalogue: `/app/vendors/brand/catalogue?connection=${connections.brand ?? ""}` };
}

async function connect(world: DemoWorld, merchant: Merchant, id: VendorId): Promise<string> {
  const answer = await done(merchant, `/app/vendors/${id}`, {
    intent: "save",
    label: "",
    holdMinutes: "0",
    baseUrl: addressOf(world, id),
    ...(id === "whcc" && { submitBaseUrl: world.vendorUrls.whcc }),
    ...accounts[id],
  });
  const connection =
    "redirect" in answer && new URL(answer.redirect, world.appUrl).searchParams.get("connection");
  if (!connection) throw new Error(`connecting ${id} did not lead to its page`);
  // WHCC tells by callback what becomes of an order: it must know where to call.
  if (id === "whcc")
    await done(merchant, `/app/vendors/${id}?connection=${connection}`, { intent: "register callbacks" });
  return connection;
}

// The catalogue's address ends in the API's version, as its document has it; the others name only their host.
function addressOf({ vendorUrls }: DemoWorld, id: VendorId): string {
  return id === "brand" && !vendorUrls.brand.endsWith("/api/v1")
    ? `${vendorUrls.brand}/api/v1`
    : vendorUrls[id];
}

async function products(world: DemoWorld): Promise<DemoProduct[]> {
  const response = await fetch(`${world.shopifyUrl}/_sandbox/products`);
  return (await response.json()) as DemoProduct[];
}

interface Pick {
  path: string;
  connectionId: string;
  product: DemoProduct;
  variant: DemoProduct["variants"][number];
}

// The plain band is Dora's court band, the two-part ring its solitaire with a setting. A ring size of the shop is
// the finger's circumference in mm, Dora wants its diameter.
async function pickRing(merchant: Merchant, pick: Pick): Promise<Record<string, string>> {
  const search = pick.product.handle === "two-part-ring" ? "5102" : "4021";
  const answer = await merchant.post(pick.path, {
    intent: "search",
    connectionId: pick.connectionId,
    search,
  });
  const found = "data" in answer ? (answer.data["products"] as { config: Ring }[] | undefined) : undefined;
  const ring = found?.[0]?.config;
  if (!ring) throw new Error(`Dora's list has no ring ${search}`);
  const wanted = Number(pick.variant.options[0]) / Math.PI;
  const size = ring.sizes.reduce((best, one) =>
    Math.abs(one.sizeMm - wanted) < Math.abs(best.sizeMm - wanted) ? one : best,
  );
  const { sizes: _sizes, diamonds: _diamonds, parts, ...plain } = ring;
  return {
    ...Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, String(value)])),
    sizeMm: String(size.sizeMm),
    ...Object.fromEntries(
      parts.flatMap((part, n) =>
        Object.entries({ finishes: "Polished, Brushed", ...part }).map(([key, value]) => [
          `parts.${n}.${key}`,
          value,
        ]),
      ),
    ),
  };
}

interface Ring {
  [key: string]: unknown;
  sizes: { label: string; sizeMm: number }[];
  diamonds: unknown[];
  parts: Record<string, unknown>[];
}

async function done(merchant: Merchant, path: string, fields: Record<string, string>) {
  const answer = await merchant.post(path, fields);
  if ("data" in answer && ("errors" in answer.data || "refused" in answer.data))
    throw new Error(`${path} refused: ${JSON.stringify(answer.data["errors"] ?? answer.data["refused"])}`);
  return answer;
}

// A shop that sells every ring size as a variant: the size comes from the variant's own option, by the option's name.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startShopify, type LocalShopify } from "#sandbox/shopify/index.ts";
import { startDora, type DoraStandIn } from "#sandbox/vendors/dora.ts";
import { shopifyIsAt } from "#test/support/redirect.ts";
import { pagesDatabase } from "#test/ui/pages-database.ts";
import { aRing, payloadOf, ringLine, ringPart, theSettings } from "./rings.ts";

const database = pagesDatabase();
let shopify: LocalShopify;
let standIn: DoraStandIn;

async function load() {
  return {
    ...(await import("#test/support/road.ts")),
    ...(await import("#test/shopify/local-shop.ts")),
    ...(await import("#app/connections.server.ts")),
    ...(await import("#app/ui/draft.ts")),
    ...(await import("#app/ui/mapping-page.server.ts")),
    ...(await import("#app/vendors/dora/index.ts")),
  };
}
let app: Awaited<ReturnType<typeof load>>;
let connectionId = "";

beforeAll(async () => {
  shopify = await startShopify({ deliver: false });
  standIn = await startDora();
  app = await load();
});
beforeEach(async () => {
  shopifyIsAt(shopify.url);
  await app.connectShop(database, shopify);
  const settings = theSettings({ baseUrl: standIn.url });
  connectionId = await app.aConnection(database.pool, { vendor: "dora", settings });
});
afterAll(async () => {
  shopifyIsAt(undefined);
  await shopify.stop();
  await standIn.stop();
});

const shop = "demo.myshopify.com";

/** Saves a ring for the first of some variants, also for the others, and answers with the products by variant. */
async function savedFor(
  options: string[],
  variants: string[][],
  product: Record<string, unknown>,
): Promise<Record<string, Record<string, unknown>>> {
  const made = await shopify.createProduct({
    title: "Court band",
    options: options.map((name) => ({ name })),
    variants: variants.map((values) => ({ options: values })),
  });
  const { product: fields } = app.dora;
  const form = app.formOf("save", [
    ["connectionId", connectionId],
    ["alsoOthers", "true"],
    ...app.postedDraft(fields, app.draftOf(fields, product)),
  ]);
  const variantId = made.variants[0]?.id ?? "";
  expect(await app.mapVariant({ shop, variantId, form })).toHaveProperty("saved");
  const { rows } = await database.pool.query<{ variantId: string; product: Record<string, unknown> }>(
    `SELECT "variantId", product FROM "Mapping" WHERE "productId" = $1`,
    [made.id],
  );
  const products = new Map(rows.map((row) => [row.variantId, row.product]));
  return Object.fromEntries(
    made.variants.map(({ id }, at) => [variants[at]?.join(" / ") ?? "", products.get(id) ?? {}]),
  );
}

const sizesOf = (saved: Record<string, Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(saved).map(([title, product]) => [title, product["sizeMm"]]));

test("a size that is an option of the variant is filled in for each variant by itself", async () => {
  const variants = [
    ["56", "Yellow"],
    ["54", "Yellow"],
    ["Size 54", "4"],
    ["60", "Yellow"],
  ];
  const saved = await savedFor(["Ring size", "Color"], variants, aRing());

  // 60 is not in the ring's list: an order with it is held, and never made in the size of the first variant.
  expect(sizesOf(saved)).toEqual({
    "56 / Yellow": 17.7,
    "54 / Yellow": 17.3,
    "Size 54 / 4": 17.3,
    "60 / Yellow": undefined,
  });
  const line = ringLine({ properties: [], variantTitle: "54 / Yellow" });
  const [sent] = payloadOf(ringPart([[line, saved["54 / Yellow"] ?? {}]])).lines;
  expect(sent?.put).toMatchObject({ options: { size: 17.3 } });
  expect(() => payloadOf(ringPart([[line, saved["60 / Yellow"] ?? {}]]))).toThrow("choose it under Products");
});

test("what somebody chose for a variant stays, and is not the size of the others", async () => {
  const saved = await savedFor(["Size"], [["56"], ["54"], ["M"]], aRing({ sizeMm: 18.1 }));

  expect(sizesOf(saved)).toEqual({ "56": 18.1, "54": 17.3, M: undefined });
});

test("an option of another name is no size, whatever it says", async () => {
  const saved = await savedFor(["Width"], [["54"], ["56"]], aRing({ sizeMm: 17.7 }));

  expect(sizesOf(saved)).toEqual({ "54": 17.7, "56": 17.7 });
});

test("while the ring is chosen, its size is filled in from the variant's option, and the price is of that size", async () => {
  const world = app.aWorld(database.pool, [app.hostOf(standIn.url)]);
  const configured = async (options: { name: string; value: string }[]) => {
    const product = { type: "ring", collectionId: 14, id: 320 };
    const answer = await app.configureProduct(world, { shop, connectionId, product, options });
    if ("refused" in answer) throw new Error(answer.refused);
    return answer.configured;
  };

  const large = await configured([{ name: "Ring size", value: "62" }]);
  const usual = await configured([{ name: "Colour", value: "62" }]);
  await world.close();

  const row = (large.product["sizes"] as { label: string; sizeMm: number }[]).find(
    ({ label }) => label === "62",
  );
  expect(large.product["sizeMm"]).toBe(row?.sizeMm);
  expect(large.facts).toContainEqual(["Price", expect.stringContaining("in size 62")]);
  expect(usual.product["sizeMm"]).toBeUndefined();
  expect(large.product["expectedPrice"]).not.toBe(usual.product["expectedPrice"]);
});

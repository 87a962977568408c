// The storefront page: what is known of the block on each product, where the buttons lead, and the rules for photos.
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { editorLinks } from "#app/ui/storefront.ts";
import { pagesDatabase } from "./pages-database.ts";

const database = pagesDatabase();
const shop = "demo.myshopify.com";
const other = "other.myshopify.com";

async function load() {
  return {
    ...(await import("#test/orders/rows.ts")),
    ...(await import("#app/ui/storefront-page.server.ts")),
    ...(await import("#app/ui/storefront-settings.server.ts")),
    ...(await import("#app/world.server.ts")),
  };
}
let app: Awaited<ReturnType<typeof load>>;

beforeAll(async () => {
  app = await load();
});
beforeEach(async () => {
  await database.pool.query(`INSERT INTO "Shop" (shop, "installedAt") VALUES ($1, $3), ($2, $3)`, [
    shop,
    other,
    "2026-11-01T00:00:00Z",
  ]);
});

interface Kit {
  variantId: string;
  productId?: string | null;
  title: string;
  sku?: string;
}

async function aConnectionWith(kits: Kit[], of = shop): Promise<string> {
  const { connectionId } = await app.aConnection(database.pool, { shop: of, vendor: "dot" });
  for (const { variantId, productId = "801", title, sku = "DOT/VF/40X50/W/BLACK/STD" } of kits)
    await database.pool.query(
      `INSERT INTO "Mapping" (shop, "variantId", "productId", title, sku, "connectionId", product, "changedAt") VALUES ($1, $2, $3, $4, $5, $6, $7, now())`,
      [of, variantId, productId, title, sku, connectionId, JSON.stringify({ sku })],
    );
  return connectionId;
}

/** As the block's own first question leaves it. */
async function seen(productId: string, at: Date): Promise<void> {
  await database.pool.query(
    `INSERT INTO "StorefrontProduct" (shop, "productId", "firstSeenAt", "seenAt") VALUES ($1, $2, $3, $3)`,
    [shop, productId, at],
  );
}

function read(given: Partial<Parameters<typeof app.readStorefrontPage>[0]> = {}) {
  return app.readStorefrontPage({ shop, apiKey: "key", view: "all", search: "", page: 1, ...given });
}

describe("the products of the storefront page", () => {
  test("show their sizes, and which variant cannot be previewed", async () => {
    await aConnectionWith([
      { variantId: "1", title: "Kit, 40 × 50" },
      { variantId: "2", title: "Kit, plain", sku: "PLAIN" },
    ]);

    const page = await read();

    expect(page.products).toMatchObject([
      {
        badge: { label: "Not seen yet" },
        variants: [
          { id: "1", size: "40 × 50 cm" },
          { id: "2", size: undefined },
        ],
      },
    ]);
    expect(page.badge.label).toBe("Not seen yet");
  });

  test("a product is seen once its block asked what is on offer", async () => {
    await aConnectionWith([
      { variantId: "1", title: "Kit, 40 × 50" },
      { variantId: "2", title: "Poster", productId: "802" },
    ]);
    const now = new Date("2026-11-22T10:00:00Z");

    await seen("801", now);

    const page = await read();
    expect(page.badge.label).toBe("Seen on 1 of 2 products");
    expect(page.products[0]).toMatchObject({ productId: "801", seenAt: now.toISOString() });
    expect((await read({ view: "not-seen" })).products.map(({ productId }) => productId)).toEqual(["802"]);
    expect((await read({ view: "seen" })).products.map(({ productId }) => productId)).toEqual(["801"]);
  });

  test("a block seen before the app was installed again does not count", async () => {
    await aConnectionWith([{ variantId: "1", title: "Kit" }]);
    await seen("801", new Date("2026-10-01T10:00:00Z"));

    expect((await read()).counts).toEqual({ products: 1, seen: 0 });
  });

  test("another shop's products, deleted ones and other vendors' are not among them", async () => {
    await aConnectionWith([{ variantId: "1", title: "Theirs" }], other);
    const connectionId = await aConnectionWith([{ variantId: "2", title: "Gone" }]);
    await database.pool.query(`UPDATE "Mapping" SET "goneAt" = now() WHERE "connectionId" = $1`, [
      connectionId,
    ]);

    expect(await read()).toMatchObject({ products: [], counts: { products: 0, seen: 0 } });
  });

  test("a search finds what a merchant types, signs and all", async () => {
    await aConnectionWith([
      { variantId: "1", title: "Kit 100%" },
      { variantId: "2", title: "Kit 1000", productId: "802" },
    ]);

    const page = await read({ search: "100%" });

    expect(page.products.map(({ productId }) => productId)).toEqual(["801"]);
    expect(page).toMatchObject({ found: 1, counts: { products: 2 } });
  });

  test("fifty stand on a page, the rest on the next", async () => {
    const kits = Array.from({ length: 53 }, (_, n) => ({
      variantId: String(n),
      productId: String(900 + n),
      title: `Kit ${String(n).padStart(2, "0")}`,
    }));
    await aConnectionWith(kits);

    expect(await read()).toMatchObject({ pages: 2, found: 53 });
    expect((await read({ page: 2 })).products.map(({ productId }) => productId)).toEqual([
      "950",
      "951",
      "952",
    ]);
  });
});

test("what the page is given holds no setting of the vendor's and no SKU", async () => {
  const { connectionId } = await app.aConnection(database.pool, {
    vendor: "dot",
    settings: { apiKey: "secret-key" },
  });
  await aConnectionWith([{ variantId: "1", title: "Kit" }]);

  const page = await read();

  expect(page.connections.map(({ id }) => id)).toContain(connectionId);
  expect(JSON.stringify(page)).not.toMatch(/secret-key|DOT\/VF/);
});

test("the buttons open the editor of the shop's own theme with the app's block", () => {
  const links = editorLinks({ shop, apiKey: "abc123" });
  expect(links.block).toBe(
    "https://demo.myshopify.com/admin/themes/current/editor?template=product&addAppBlockId=abc123/dot-preview&target=mainSection",
  );
  expect(links.section).toMatch(/target=newAppsSection$/);
  expect(links.cart).toMatch(/context=apps&template=product&activateAppId=abc123\/dot-cart-thumbnails$/);
});

describe("the rules for photos", () => {
  const given = {
    keepUnordered: "10",
    keepOrdered: "90",
    photosPerDay: "200",
    previewsADay: "300",
    looks: "source,drama",
  };
  const form = (more: Partial<typeof given> = {}): FormData => {
    const data = new FormData();
    for (const [key, value] of Object.entries({ ...given, ...more })) data.set(key, value);
    return data;
  };

  test("are kept, for this shop alone", async () => {
    await aConnectionWith([]);
    expect(await app.saveStorefront(shop, form({ looks: "drama" }))).toEqual({
      done: "Rules for photos saved.",
    });

    expect((await read()).settings).toEqual({
      keepUnordered: 10,
      keepOrdered: 90,
      photosPerDay: 200,
      previewsADay: 300,
      looks: ["drama"],
    });
    expect((await read({ shop: other })).settings).toMatchObject({ keepUnordered: 14, photosPerDay: 500 });
  });

  test("all looks on is kept as all, so that a look of tomorrow is on offer too", async () => {
    await app.saveStorefront(shop, form());
    const { rows } = await database.pool.query(`SELECT looks FROM "Shop" WHERE shop = $1`, [shop]);
    expect(rows).toEqual([{ looks: [] }]);
  });

  test.each([
    ["keepUnordered", "3"],
    ["keepUnordered", "31"],
    ["keepOrdered", "366"],
    ["photosPerDay", "many"],
    ["previewsADay", "-1"],
    ["looks", ""],
    ["looks", "made up"],
  ])("%s of %j is refused beside its field, and nothing changes", async (field, value) => {
    const answer = await app.saveStorefront(shop, form({ [field]: value }));

    expect(answer).toMatchObject({ errors: { [field]: expect.any(String) as string } });
    const { rows } = await database.pool.query(`SELECT "keepUnordered" FROM "Shop" WHERE shop = $1`, [shop]);
    expect(rows).toEqual([{ keepUnordered: 14 }]);
  });
});

// Full syncs: the whole catalogue by one file of Shopify's, compared with the vendor's list; and dry runs of them.
import { expect, test } from "vitest";
import { catalogueVendors } from "#app/products/known.server.ts";
import {
  publishAgain,
  readPublications,
  readSync,
  startSync,
  stopSync,
  type PublicationFilter,
  type SyncView,
} from "#app/products/sync.server.ts";
import { isPublishingDue } from "#app/products/due.server.ts";
import { cutShopify } from "#test/support/redirect.ts";
import { aScene, shop } from "./scene.ts";

const scene = aScene();

const at = (): { shop: string; connectionId: string } => ({ shop, connectionId: scene.connectionId });
const sync = async (dryRun = false): Promise<SyncView> => {
  expect(await startSync(scene.world, { ...at(), dryRun })).toEqual({ done: true });
  await scene.work();
  for (let seconds = 0; seconds < 300; seconds += 5) {
    const view = await latest();
    if (view.state === "done" || view.state === "failed") return view;
    await scene.after(5);
  }
  throw new Error(`the sync never ended: ${JSON.stringify(await latest())}`);
};
const latest = async (): Promise<SyncView> => {
  const view = await readSync(scene.world, at(), new Date());
  if (!view) throw new Error("there was no sync");
  return view;
};

test("C6 250 products go in batches of 100, 100 and 50, in their order", async () => {
  const active = scene.shopify.seedProducts(256).filter(({ status }) => status === "active");
  expect(active).toHaveLength(252);
  for (const { id } of active.slice(250)) await scene.shopify.archiveProduct(id);

  const view = await sync();

  expect(scene.pushes()).toEqual([100, 100, 50]);
  const sent = scene.brand.history().map(({ sku }) => sku);
  expect(sent).toEqual(active.slice(0, 250).map(({ variants }) => (variants[0]?.sku ?? "").slice(0, -2)));
  expect(view).toMatchObject({
    state: "done",
    products: 256,
    counts: { create: 250, update: 0, same: 0 },
    sentence: "250 published, 6 not in the catalogue.",
    standing: { published: 250, withdrawn: 6, waiting: 0, held: 0 },
  });
  expect(await isPublishingDue(scene.database.pool)).toBe(false);
});

test("C9 a second sync of the same catalogue sends nothing", async () => {
  scene.shopify.seedProducts(20);
  await sync();
  const pushes = scene.pushes().length;

  const again = await sync();

  expect(scene.pushes()).toHaveLength(pushes);
  expect(again.counts).toMatchObject({ create: 0, update: 0, same: 20 });
});

test("what the file and a single reading say of a product is the same, to the letter", async () => {
  const product = await scene.make("CHAIR-1", {
    bodyHtml: "<p>Ash</p>",
    tags: ["b", "a"],
    images: [{ src: "https://cdn.shopify.com/s/chair.jpg", alt: "Side" }],
    metafields: [
      { namespace: "custom", key: "z", type: "single_line_text_field", value: "1" },
      { namespace: "custom", key: "a", type: "single_line_text_field", value: "2" },
    ],
    options: [{ name: "Size" }],
    variants: [
      { sku: "CHAIR-1-S", priceMinor: 100, options: ["S"], grams: 500 },
      { sku: "CHAIR-1-L", priceMinor: 200, options: ["L"], barcode: "4006381333931" },
    ],
  });
  await scene.after(3);
  const facts = async (): Promise<unknown> =>
    (
      await scene.database.pool.query<{ facts: unknown }>(
        `SELECT facts FROM "CatalogueProduct" WHERE "productId" = $1`,
        [product.id],
      )
    ).rows[0]?.facts;
  const read = await facts();
  await scene.database.pool.query(
    `UPDATE "CatalogueProduct" SET facts = NULL, "readAt" = NULL, "updatedAt" = NULL`,
  );

  await sync();

  expect(read).toMatchObject({ metafields: { "custom.a": "2", "custom.z": "1" } });
  expect(await facts()).toEqual(read);
});

test("a product that is not in the file is asked for, and taken out only when it is really gone", async () => {
  const gone = await scene.make("CHAIR-1");
  await scene.make("CHAIR-2");
  await scene.after(3);
  // Shopify promises no webhook; this one never came.
  scene.shopify.store.products.delete(gone.id);

  await sync();
  await scene.after(5);

  expect(Object.keys(scene.shown())).toEqual(["CHAIR-2"]);
  expect(await scene.row(gone.id)).toMatchObject({ state: "withdrawn" });
});

test("what somebody changed at the vendor is put right by a sync", async () => {
  await scene.make("CHAIR-1");
  await scene.make("CHAIR-2");
  await scene.after(3);
  const [first, second] = scene.brand
    .ledger()
    .map(({ body }) => body as { is_active: boolean; name: string });
  if (first) first.is_active = false;
  if (second) second.name = "Somebody's name";

  const view = await sync();

  expect(view.counts).toMatchObject({ update: 2 });
  expect(scene.shown()).toEqual({ "CHAIR-1": "Chair CHAIR-1", "CHAIR-2": "Chair CHAIR-2" });
});

test("a dry run says what would be created, changed, taken out and held, and sends nothing", async () => {
  const [changed, archived] = [await scene.make("CHAIR-1"), await scene.make("CHAIR-2")];
  await scene.make("CHAIR-3");
  await scene.after(3);
  await scene.database.pool.query(`UPDATE "Connection" SET status = 'paused'`);
  await scene.shopify.updateProduct(changed.id, { title: "Another name" });
  await scene.shopify.archiveProduct(archived.id);
  await scene.make("CHAIR-4");
  await scene.make("CHAIR-5");
  await scene.make("CHAIR-5");
  await scene.make("", { title: "Without a SKU", variants: [{ priceMinor: 0 }] });
  const before = scene.brand.history().length;

  const view = await sync(true);

  expect(scene.brand.history()).toHaveLength(before);
  expect(view).toMatchObject({
    dryRun: true,
    state: "done",
    counts: { create: 1, update: 1, same: 1, deactivate: 1, hold: 3, elsewhere: 0 },
    sentence: expect.stringMatching(/^Nothing was sent\. 1 to create, 1 to bring up to date/),
  });
  expect(view.differences).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ what: "create", key: "CHAIR-4" }),
      expect.objectContaining({
        what: "update",
        productId: changed.id,
        fields: [{ name: "Name", there: "Chair CHAIR-1", here: "Another name" }],
      }),
      expect.objectContaining({ what: "deactivate", key: "CHAIR-2", productId: archived.id }),
      expect.objectContaining({ what: "hold", title: "Without a SKU" }),
    ]),
  );
});

test("a dry run does not count as taken out what is held and stays at the vendor as it is", async () => {
  const product = await scene.make("CHAIR-1");
  await scene.after(3);
  await scene.shopify.updateProduct(product.id, { variants: [{ sku: "CHAIR-1", priceMinor: 0 }] });
  await scene.after(3);

  expect(await sync(true)).toMatchObject({ counts: { deactivate: 0, hold: 1, elsewhere: 0 } });
  await sync();
  expect(Object.keys(scene.shown())).toEqual(["CHAIR-1"]);
});

test("of earlier syncs the last ten are kept", async () => {
  for (let n = 0; n < 13; n++) {
    expect(await startSync(scene.world, { ...at(), dryRun: true })).toEqual({ done: true });
    await stopSync(scene.world, at());
    await scene.database.later("1 second");
  }

  const { rows } = await scene.database.pool.query(`SELECT 1 FROM "CatalogueSync"`);
  expect(rows).toHaveLength(10);
  expect(await latest()).toMatchObject({ state: "failed" });
});

test("only one sync of a catalogue runs, a merchant can stop it, and what is no catalogue has none", async () => {
  scene.shopify.bulk.plan({ kind: "hold" });
  expect(await startSync(scene.world, { ...at(), dryRun: false })).toEqual({ done: true });
  await scene.work({ ...scene.world }).catch(() => undefined);
  expect(await startSync(scene.world, { ...at(), dryRun: true })).toEqual({
    refused: "A sync of this catalogue is running. Wait until it is done.",
  });
  expect(await stopSync(scene.world, at())).toEqual({ done: true });
  scene.shopify.bulk.release();
  expect(await latest()).toMatchObject({ state: "failed", sentence: "Stopped by you." });
  expect(
    await startSync(scene.world, { ...at(), shop: "other.myshopify.com", dryRun: false }),
  ).toHaveProperty("refused");
  expect(await readSync(scene.world, { ...at(), shop: "other.myshopify.com" }, new Date())).toBeUndefined();
  expect(catalogueVendors()).toEqual(["brand"]);
});

test("an export that Shopify could not finish is asked for again", async () => {
  scene.shopify.seedProducts(5);
  scene.shopify.bulk.plan({ kind: "fail", errorCode: "TIMEOUT", afterObjects: 2 });

  const view = await sync();

  expect(view).toMatchObject({ state: "done", products: 5 });
  expect(Object.keys(scene.shown())).toHaveLength(5);
});

test("a file that breaks off half way withdraws nothing and is read again", async () => {
  scene.shopify.seedProducts(40);
  await sync();
  scene.shopify.bulk.plan({ kind: "cut", afterBytes: 20_000 });

  const view = await sync();

  expect(view).toMatchObject({ state: "done", products: 40 });
  expect(Object.keys(scene.shown())).toHaveLength(40);
});

test("a vendor that cannot be reached holds a sync up and does not end it", async () => {
  scene.shopify.seedProducts(3);
  scene.brand.fault({ kind: "error-not-done", on: "GET /api/v1/products" });

  expect(await sync()).toMatchObject({ state: "done", standing: { published: 3 } });
});

test("Shopify's word that an export is finished makes the sync look at once", async () => {
  scene.shopify.seedProducts(3);
  await startSync(scene.world, { ...at(), dryRun: false });
  let calls = 0;
  cutShopify(async (send) => (calls++, send()));
  await scene.work();
  await scene.work();
  await scene.work();

  expect(calls).toBeGreaterThan(1);
  expect((await latest()).state).not.toBe("reading");
  const outcomes = await scene.database.pool.query<{ outcome: string }>(
    `SELECT outcome FROM "WebhookEvent" WHERE topic = 'bulk_operations/finish'`,
  );
  expect(outcomes.rows).toEqual([{ outcome: "An export is finished; it is read now." }]);
});

test("the list of a catalogue is filtered, searched and paged, one shop's only", async () => {
  scene.shopify.seedProducts(100);
  await sync();
  const read = (filter: PublicationFilter, search = "", page = 1) =>
    readPublications(scene.world, { ...at(), filter, search, page });

  expect(await read("all")).toMatchObject({ total: 100, pages: 2, page: 1 });
  expect((await read("all", "", 2)).rows).toHaveLength(50);
  expect((await read("withdrawn")).rows.map(({ sentence }) => sentence).sort()).toEqual([
    "A draft or unlisted in Shopify, so it is not in the catalogue.",
    "Archived in Shopify, so it is not in the catalogue.",
  ]);
  expect((await read("published", "seed-00042")).rows).toMatchObject([
    { key: "SEED-00042", state: "published" },
  ]);
  expect((await read("all", "%' OR 1=1")).total).toBe(0);
  const [row] = (await read("published")).rows;
  await publishAgain(scene.world, { ...at(), productId: row?.productId ?? "" });
  expect((await read("waiting")).total).toBe(1);
  const other = { ...at(), shop: "other.myshopify.com", filter: "all" as const, search: "", page: 1 };
  expect((await readPublications(scene.world, other)).total).toBe(0);
});

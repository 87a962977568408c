// What comes between a plan and its sending: a new release, a vendor that asks to slow down, a worker that is killed.
import { expect, test } from "vitest";
import { settingsPlace } from "#app/connections/row.server.ts";
import { sealJson } from "#app/crypto.server.ts";
import { publishing } from "#app/products/publishing.ts";
import { readSync, startSync, type SyncView } from "#app/products/sync.server.ts";
import type { World } from "#app/world.server.ts";
import { cutWorld, type Scissors } from "#test/vendors/scissors.ts";
import { aScene, settings, shop } from "./scene.ts";

const scene = aScene();
const at = () => ({ shop, connectionId: scene.connectionId });

test("a product that an earlier release planned otherwise is planned anew and sent, not left waiting for ever", async () => {
  const product = await scene.make("CHAIR-1");
  const other = await scene.make("CHAIR-2");
  scene.brand.fault({ kind: "error-not-done", times: 1, on: "POST /api/v1/products" });
  await scene.after(3);
  await scene.database.pool.query(
    `UPDATE "Publication" SET "planHash" = 'of another release' WHERE "productId" = $1`,
    [product.id],
  );

  await scene.after(90);

  expect(Object.keys(scene.shown()).sort()).toEqual(["CHAIR-1", "CHAIR-2"]);
  expect(await scene.row(product.id)).toMatchObject({ state: "published" });
  expect(await scene.row(other.id)).toMatchObject({ state: "published" });
});

test("a product that a new release refuses is held by itself, and its connection goes on", async () => {
  const product = await scene.make("CHAIR-1");
  await scene.make("CHAIR-2");
  scene.brand.fault({ kind: "error-not-done", times: 1, on: "POST /api/v1/products" });
  await scene.after(3);
  // As if the release that planned it had taken a product without a price.
  await scene.database.pool.query(
    `UPDATE "CatalogueProduct" SET facts = jsonb_set(facts, '{variants,0,price,minor}', '0') WHERE "productId" = $1`,
    [product.id],
  );

  await scene.after(90);

  expect(Object.keys(scene.shown())).toEqual(["CHAIR-2"]);
  expect(await scene.row(product.id)).toMatchObject({ state: "held", code: "refused" });
  const { rows } = await scene.database.pool.query<{ status: string }>(`SELECT status FROM "Connection"`);
  expect(rows).toEqual([{ status: "on" }]);
});

test("a vendor that asks to slow down is left alone for a minute, whatever else there is to do", async () => {
  const products = [await scene.make("CHAIR-1"), await scene.make("CHAIR-2"), await scene.make("CHAIR-3")];
  await scene.after(3);
  for (const { id } of products) await scene.shopify.archiveProduct(id);
  scene.brand.fault({ kind: "too-many", times: 1, on: "DELETE /api/v1/products/*", retryAfterSeconds: 1 });
  const taken = () => scene.brand.requests().filter(({ method }) => method === "DELETE").length;

  await scene.after(3);
  expect(taken()).toBe(1);
  await scene.after(50);
  expect(taken()).toBe(1);
  await scene.after(15);

  expect(scene.shown()).toEqual({});
  expect((await scene.rows()).map(({ state }) => state)).toEqual(["withdrawn", "withdrawn", "withdrawn"]);
});

test("a picture's host that asks to slow down holds back its own product and no other", async () => {
  const uploading = settings(scene.brand.url, { pictures: "upload" });
  const place = settingsPlace({ id: scene.connectionId, shop });
  await scene.database.pool.query(`UPDATE "Connection" SET settings = $1`, [sealJson(uploading, place)]);
  const { http } = scene.world;
  const busy: typeof http = async (request, fresh) =>
    request.url.includes("busy.jpg")
      ? { status: 429, headers: { "retry-after": "60" }, bytes: new Uint8Array() }
      : http(request, fresh);
  const world = { ...scene.world, http: busy };
  const waiting = await scene.make("CHAIR-1", { images: [{ src: "https://pictures.example.com/busy.jpg" }] });
  const other = await scene.make("CHAIR-2");
  await scene.work(world);
  await scene.database.later("3 seconds");
  await scene.work(world);
  expect(scene.shown()).toEqual({ "CHAIR-2": "Chair CHAIR-2" });

  await scene.shopify.archiveProduct(other.id);
  await scene.work(world);
  await scene.database.later("3 seconds");
  await scene.work(world);

  expect(scene.shown()).toEqual({});
  expect(await scene.row(waiting.id)).toMatchObject({
    state: "waiting",
    sentence: expect.stringContaining("Picture 1 cannot be fetched from pictures.example.com"),
  });
});

test("a vendor that asks to slow down for hours does not use up the tries of a product in minutes", async () => {
  const product = await scene.make("CHAIR-1");
  scene.brand.fault({ kind: "too-many", times: 100, on: "POST /api/v1/products", retryAfterSeconds: 1 });

  for (let minutes = 0; minutes < 20; minutes++) await scene.after(61);

  expect(await scene.row(product.id)).toMatchObject({ state: "waiting", code: null });
});

/** One product is new, one renamed, one deleted; none of that was told by a webhook, and a sync is to find it. */
async function setUp(): Promise<void> {
  scene.clear();
  scene.brand.reset();
  await scene.database.pool.query(`TRUNCATE "Publication", "CatalogueProduct", "CatalogueSync", "Catalogue"`);
  const [first, second] = [await scene.make("CHAIR-1"), await scene.make("CHAIR-2")];
  await scene.after(3);
  const { products } = scene.shopify.store;
  products.delete(second.id);
  const renamed = products.get(first.id);
  if (renamed) Object.assign(renamed, { title: "Renamed", updatedAt: "2100-01-01T00:00:00Z" });
  await scene.make("CHAIR-3");
  await scene.shopify.settled();
  await scene.database.pool.query(`TRUNCATE "WebhookEvent"`);
  expect(await startSync(scene.world, { ...at(), dryRun: false })).toEqual({ done: true });
}

async function toTheEnd(world: World): Promise<SyncView | undefined> {
  for (let looks = 0; looks < 40; looks++) {
    await scene.shopify.bulk.settled();
    await Promise.allSettled(await publishing(world, 4));
    const view = await readSync(scene.world, at(), new Date());
    if (view?.state === "done" || view?.state === "failed") return view;
    await scene.database.later("3 seconds");
  }
  return undefined;
}

test("a full sync tries once more to take out what is gone and could not be taken out", async () => {
  const product = await scene.make("CHAIR-1");
  await scene.make("CHAIR-2");
  await scene.after(3);
  await scene.shopify.deleteProduct(product.id);
  const { http } = scene.world;
  const refusing: typeof http = async (request, fresh) =>
    request.method === "DELETE"
      ? { status: 422, headers: {}, bytes: new TextEncoder().encode('{"error":"Locked"}') }
      : http(request, fresh);
  await scene.work();
  await scene.database.later("3 seconds");
  await scene.work({ ...scene.world, http: refusing });
  expect(await scene.row(product.id)).toMatchObject({ state: "held", sentence: "dotcph: Locked" });

  await startSync(scene.world, { ...at(), dryRun: false });
  await toTheEnd(scene.world);
  await scene.after(5);

  expect(Object.keys(scene.shown())).toEqual(["CHAIR-2"]);
  expect(await scene.row(product.id)).toMatchObject({ state: "withdrawn" });
});

test("a product that is changed while the file is read ends as Shopify has it now", async () => {
  const product = await scene.make("CHAIR-1", { title: "Old" });
  expect(await startSync(scene.world, { ...at(), dryRun: false })).toEqual({ done: true });
  let changed = false;
  const { http } = scene.world;
  const changing: typeof http = async (request, fresh) => {
    // The vendor's list is asked for when the file is read and nothing is compared yet.
    if (request.method === "GET" && !changed) {
      changed = true;
      await scene.shopify.updateProduct(product.id, { title: "New" });
    }
    return http(request, fresh);
  };
  for (let rounds = 0; rounds < 4; rounds++) {
    await scene.work({ ...scene.world, http: changing });
    await scene.database.later("3 seconds");
  }

  expect(changed).toBe(true);
  expect(scene.shown()).toEqual({ "CHAIR-1": "New" });
});

test("a full sync whose worker is killed at any moment ends with the vendor showing what Shopify has", async () => {
  let cuts = 0;
  for (let isDead = true; isDead; cuts++) {
    await setUp();
    const at: Scissors["at"] = { what: "save", number: cuts, cut: "killed after" };
    const scissors: Scissors = { at, requests: 0, saves: 0, isDead: false, late: [] };
    await toTheEnd(cutWorld(scene.world, scissors)).catch((error: unknown) => {
      if (!scissors.isDead) throw error;
    });
    isDead = scissors.isDead;

    // Until the leases of the dead run out.
    await scene.database.later("181 seconds");
    const view = await toTheEnd(scene.world);
    await scene.after(60);
    expect(view?.state, `killed after ${cuts}`).toBe("done");
    expect(scene.shown(), `killed after ${cuts}`).toEqual({
      "CHAIR-1": "Renamed",
      "CHAIR-3": "Chair CHAIR-3",
    });
  }
  expect(cuts).toBeGreaterThan(50);
}, 300_000);

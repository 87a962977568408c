// The worker's way through a preview: killed anywhere, refused, slow, limited, and forgotten with its photo.
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { folder } from "./folder.ts";
import { previews } from "#app/previews/preview-making.server.ts";
import { sweepPreviews } from "#app/previews/preview-pictures.server.ts";
import { askForPreview } from "#app/previews/preview-rows.server.ts";
import { arePreviewsDue } from "#app/previews/preview-claim.server.ts";
import { offeredVariant } from "#app/previews/sizes.server.ts";
import { readFile } from "#app/previews/storage.server.ts";
import type { World } from "#app/world.server.ts";
import { aTown, kitSku } from "#test/support/town.ts";
import { aShopper, makeAll, mapKit, variantOf } from "./preview-scene.ts";

const town = aTown();

async function begun() {
  const connectionId = await town.connect("dot");
  await mapKit(town, { connectionId, sku: kitSku });
  const shopper = aShopper(town);
  const photo = await shopper.photo();
  const ask = (more: object = {}) => shopper.ask(photo, kitSku, more);
  return { shopper, photo, ask };
}

const run = async (): Promise<void> => {
  await town.database.pool.query(`UPDATE "Preview" SET "nextRunAt" = now() - interval '1 second'`);
  await Promise.all(await previews(town.world, 8));
};
const starts = (): number =>
  town.dot.requests().filter(({ method, path }) => method === "POST" && path.endsWith("/preview/")).length;

test("a worker that dies with a preview in hand leaves it to the next one, which goes on and does not begin anew", async () => {
  const { shopper, ask } = await begun();
  const id = String((await ask()).body["preview"]);
  await run();
  expect(starts()).toBe(1);
  const { pool } = town.database;
  await pool.query(`UPDATE "Preview" SET "leaseUntil" = now() + interval '3 minutes', fence = fence + 1`);
  await run();
  expect((await shopper.look(id)).body).toMatchObject({ state: "working" });
  await town.database.later("4 minutes");
  await pool.query(`UPDATE "Preview" SET "startedAt" = now()`);
  await makeAll(town);
  expect((await shopper.look(id)).body).toMatchObject({ state: "ready" });
  expect(starts()).toBe(1);
});

test("a chosen part of the photo is what the vendor is given, and is kept as that", async () => {
  const { ask } = await begun();
  await ask({ crop: { x: 0.1, y: 0.1, width: 0.8, height: 0.8 } });
  await makeAll(town);
  const { rows } = await town.database.pool.query<{ fileKey: string; fileSha256: string; state: string }>(
    `SELECT "fileKey", "fileSha256", state FROM "Preview"`,
  );
  expect(rows).toMatchObject([{ state: "ready", fileSha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  expect(await readFile(rows[0]?.fileKey ?? "")).toBeDefined();
});

test("two shoppers who ask while their photos are still being prepared each get their own picture", async () => {
  await begun();
  const { pool } = town.database;
  const shop = town.shopify.shop;
  const offer = await offeredVariant(pool, { shop, variantId: variantOf(town, kitSku) });
  if (!offer) throw new Error("the kit is not on offer");
  for (const id of ["6f0f4c1e-6a51-4bb4-a9b9-3a7f6a2c0001", "6f0f4c1e-6a51-4bb4-a9b9-3a7f6a2c0002"]) {
    await pool.query(
      `INSERT INTO "Artwork" (id, shop, key, filename, "contentType", width, height, bytes, sha256, "forgetAt", state)
       VALUES ($1::uuid, $2, $1::text, 'photo.jpg', 'image/jpeg', 0, 0, 1, '', now() + interval '1 day', 'new')`,
      [id, shop],
    );
    await askForPreview(pool, { shop, offer, artwork: { id, sha256: "" } });
  }
  const { rows } = await pool.query(`SELECT DISTINCT work FROM "Preview"`);
  expect(rows).toHaveLength(2);
});

test("a photo too small for the size is refused before MGE hears of it", async () => {
  const { shopper } = await begun();
  const small = await shopper.photo(300, 380);
  expect(await shopper.ask(small, kitSku)).toMatchObject({
    status: 422,
    body: { error: { code: "too_small" } },
  });
  expect(starts()).toBe(0);
});

test("a vendor that refuses makes a failed preview, and asking again makes a new one", async () => {
  const { shopper, ask } = await begun();
  const first = String((await ask()).body["preview"]);
  await town.database.pool.query(
    `UPDATE "Preview" SET state = 'failed', error = 'preview_failed', sentence = 'It did not work.'`,
  );
  expect((await shopper.look(first)).body).toMatchObject({
    state: "failed",
    error: { code: "preview_failed" },
  });
  expect((await ask()).body["preview"]).toBe(first);
  expect((await ask({ again: true })).body["preview"]).not.toBe(first);
});

test("a preview whose time is over reads as expired, cannot be chosen, and is made anew when asked for", async () => {
  const { shopper, ask } = await begun();
  const id = String((await ask()).body["preview"]);
  await makeAll(town);
  await town.database.pool.query(`UPDATE "Preview" SET "expiresAt" = now()`);
  expect((await shopper.look(id)).body).toMatchObject({ state: "expired", error: { code: "expired" } });
  expect(await shopper.select(id, "drama", kitSku)).toMatchObject({ status: 410 });
  expect((await ask()).body["preview"]).not.toBe(id);
});

test("the shop's number of previews a day is a limit, and the same wish again costs nothing of it", async () => {
  const { shopper, photo, ask } = await begun();
  await town.database.pool.query(`UPDATE "Shop" SET "previewsADay" = 1`);
  expect((await ask()).status).toBe(202);
  expect((await ask()).status).toBe(202);
  const crop = { x: 0, y: 0, width: 0.9, height: 0.9 };
  expect(await shopper.ask(photo, kitSku, { crop })).toMatchObject({
    status: 429,
    body: { error: { code: "quota" } },
  });
});

test("Previews of photos that were deleted since count for the day all the same", async () => {
  const { shopper } = await begun();
  const { pool } = town.database;
  await pool.query(`UPDATE "Shop" SET "previewsADay" = 2`);
  const askAndDelete = async () => {
    const photo = await shopper.photo();
    const answer = await shopper.ask(photo, kitSku);
    await shopper.forget(photo);
    await sweepPreviews(pool);
    return answer;
  };
  const answers = [await askAndDelete(), await askAndDelete(), await askAndDelete()];
  expect((await pool.query(`SELECT 1 FROM "Preview"`)).rowCount).toBe(0);
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 429]);
  expect(answers[2]?.body).toMatchObject({ error: { code: "quota" } });
  // The next day has its own.
  await town.database.later("1 day");
  expect((await askAndDelete()).status).toBe(202);
});

test("with its photo a preview goes: rows, pictures and the choice", async () => {
  const { shopper, photo } = await begun();
  await shopper.choose(kitSku, "drama", photo);
  const { pool } = town.database;
  const kept = await pool.query<{ pictures: { image: string }[] }>(`SELECT pictures FROM "Preview"`);
  const key = kept.rows[0]?.pictures[0]?.image ?? "";
  expect(await readFile(key)).toBeDefined();
  await pool.query(`UPDATE "Artwork" SET "forgetAt" = now() - interval '1 second'`);
  await sweepPreviews(pool);
  expect(await readFile(key)).toBeUndefined();
  const left = await pool.query(`SELECT 1 FROM "Preview" UNION ALL SELECT 1 FROM "Selection"`);
  expect(left.rowCount).toBe(0);
});

// Files of vendors' pictures, and of parts that shoppers chose, which no photo owns.
const loose = (): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith(".webp"));
const forgetPhotos = () =>
  town.database.pool.query(`UPDATE "Artwork" SET "forgetAt" = now() - interval '1 second'`);

test("threat 15: a picture that the vendor replaced by a better one goes with the photo as well", async () => {
  const before = loose().length;
  const { shopper, ask } = await begun();
  const id = String((await ask()).body["preview"]);
  await makeAll(town);
  const { pool } = town.database;
  await pool.query(
    `UPDATE "Preview" SET state = 'working', pictures = (SELECT jsonb_agg(each || '{"early": true}') FROM jsonb_array_elements(pictures) AS each)`,
  );
  await makeAll(town);
  expect(loose()).toHaveLength(before + 8);
  expect((await shopper.look(id)).body).toMatchObject({
    state: "ready",
    looks: [{ look: "source" }, { look: "drama" }],
  });
  await forgetPhotos();
  await sweepPreviews(pool);
  expect(loose()).toHaveLength(before);
});

/** Goes on with what is due until the process dies: just before it writes a preview's pictures for the `nth` time. */
async function dieAtRow(nth: number): Promise<void> {
  let rows = 0;
  let die = (): void => undefined;
  const death = new Promise<"dead">((resolve) => (die = () => resolve("dead")));
  const query = (...given: Parameters<World["db"]["query"]>) => {
    if (given[0].includes("SET pictures")) rows += 1;
    if (rows < nth) return town.world.db.query(...given);
    die();
    return new Promise(() => undefined);
  };
  const db = new Proxy(town.world.db, {
    get: (of, name) => (name === "query" ? query : Reflect.get(of, name)),
  });
  for (let round = 0; round < 30; round++) {
    await town.database.pool.query(`UPDATE "Preview" SET "nextRunAt" = now() - interval '1 second'`);
    const [work] = await previews({ ...town.world, db }, 1);
    if ((await Promise.race([work, death])) === "dead") return;
  }
  throw new Error("it does not come that far");
}

test("threat 15: a worker that dies with a picture stored leaves none that no row knows of", async () => {
  const before = loose().length;
  const { shopper, ask } = await begun();
  const id = String((await ask()).body["preview"]);
  // Its first look's files are stored under names that were written down; the row that shows them never comes.
  await dieAtRow(2);
  expect(loose()).toHaveLength(before + 2);
  expect((await shopper.look(id)).body).toMatchObject({ looks: [] });
  await town.database.later("4 minutes");
  await town.database.pool.query(`UPDATE "Preview" SET "startedAt" = now()`);
  await makeAll(town);
  expect((await shopper.look(id)).body).toMatchObject({ looks: [{ look: "source" }, { look: "drama" }] });
  expect(loose()).toHaveLength(before + 4);
  await forgetPhotos();
  await sweepPreviews(town.database.pool);
  expect(loose()).toHaveLength(before);
});

test("threat 15: a photo deleted while its preview's pictures are fetched leaves nothing", async () => {
  const before = loose().length;
  const { ask } = await begun();
  await ask();
  let isForgotten = false;
  const http: World["http"] = async (...given) => {
    const reply = await town.world.http(...given);
    if (given[0].expect !== "bytes") return reply;
    await forgetPhotos();
    await sweepPreviews(town.database.pool);
    isForgotten = true;
    return reply;
  };
  for (let round = 0; round < 30 && !isForgotten; round++) {
    await town.database.pool.query(`UPDATE "Preview" SET "nextRunAt" = now() - interval '1 second'`);
    await Promise.all(await previews({ ...town.world, http }, 8));
  }
  expect(isForgotten).toBe(true);
  expect(loose()).toHaveLength(before);
});

test("a shopper who waits for the preview of an account that is paused meanwhile is told so, and an order's waits", async () => {
  const { shopper, ask } = await begun();
  const id = String((await ask()).body["preview"]);
  const { pool } = town.database;
  await pool.query(`UPDATE "Connection" SET status = 'paused'`);
  await makeAll(town);
  expect((await shopper.look(id)).body).toMatchObject({ state: "failed", error: { code: "unavailable" } });
  expect(starts()).toBe(0);
  await pool.query(
    `UPDATE "Preview" SET browser = '', state = 'new', "nextRunAt" = now() - interval '1 second'`,
  );
  expect(await arePreviewsDue(town.world)).toBe(false);
  expect(await previews(town.world, 8)).toEqual([]);
  await pool.query(`UPDATE "Connection" SET status = 'on'`);
  expect(await arePreviewsDue(town.world)).toBe(true);
});

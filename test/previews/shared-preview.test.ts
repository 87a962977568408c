// One painting of the vendor's for the same photo of several browsers: each has a row of its own, and none of them makes
// it live longer, or hands on what the vendor keeps no more.
import { beforeEach, expect, test } from "vitest";
import "./folder.ts";
import { previews } from "#app/previews/preview-making.server.ts";
import { aTown, kitSku } from "#test/support/town.ts";
import { aShopper, makeAll, mapKit } from "./preview-scene.ts";

const town = aTown();
beforeEach(async () => {
  await mapKit(town, { connectionId: await town.connect("dot"), sku: kitSku });
});

const starts = (): number =>
  town.dot.requests().filter(({ method, path }) => method === "POST" && path.endsWith("/preview/")).length;

/** Shoppers who each have sent the same photo, bytes and all. */
async function shoppers(count: number) {
  const all = [];
  for (let at = 0; at < count; at++) {
    const { photo: send, ask: askFor, look } = aShopper(town);
    const photo = await send();
    const ask = async (): Promise<string> => String((await askFor(photo, kitSku)).body["preview"]);
    all.push({ ask, look });
  }
  await town.database.pool.query(`UPDATE "Artwork" SET sha256 = 'the same'`);
  return all;
}

/** One step of the previews road for what is due now. */
async function run(limit = 8): Promise<void> {
  await Promise.all(await previews(town.world, limit));
}

async function hoursLeft(id: string): Promise<number | undefined> {
  const { rows } = await town.database.pool.query<{ hours: number }>(
    `SELECT round(extract(epoch FROM "expiresAt" - now()) / 3600)::int AS hours FROM "Preview" WHERE id = $1`,
    [id],
  );
  return rows[0]?.hours;
}

test("A preview that another browser's photo had made already is good for as long as the vendor's own clock says", async () => {
  const [ana, eve, ida] = await shoppers(3);
  const first = (await ana?.ask()) ?? "";
  await makeAll(town);
  expect(await hoursLeft(first)).toBe(7 * 24);
  await town.database.later("6 days");
  const second = (await eve?.ask()) ?? "";
  await makeAll(town);
  expect([await hoursLeft(first), await hoursLeft(second)]).toEqual([24, 24]);
  // Nor does it live longer when the first photo, and all that was made of it, is gone meanwhile.
  await town.database.pool.query(`DELETE FROM "Preview" WHERE id = $1`, [first]);
  await town.database.later("12 hours");
  const third = (await ida?.ask()) ?? "";
  await makeAll(town);
  expect(await hoursLeft(third)).toBe(12);
  expect(starts()).toBe(1);
});

test("A preview that MGE forgot while two shoppers waited for it is painted anew, and neither is told that it failed", async () => {
  const [ana, eve] = await shoppers(2);
  const { pool } = town.database;
  const first = (await ana?.ask()) ?? "";
  await run();
  const second = (await eve?.ask()) ?? "";
  await run();
  expect(starts()).toBe(1);
  town.dot.reset();
  // Each hears of it and begins again before the other does, as two workers would by chance.
  for (let step = 0; step < 12; step++) {
    await pool.query(`UPDATE "Preview" SET "nextRunAt" = now() + interval '1 hour'`);
    await pool.query(`UPDATE "Preview" SET "nextRunAt" = now() WHERE id = $1`, [
      step % 4 < 2 ? second : first,
    ]);
    await run(1);
  }
  await makeAll(town);
  expect((await ana?.look(first))?.body).toMatchObject({ state: "ready" });
  expect((await eve?.look(second))?.body).toMatchObject({ state: "ready" });
});

test("A preview that MGE forgot before another browser's was ready is over for whoever has it, and given to nobody else", async () => {
  const [ana, eve, ida] = await shoppers(3);
  const first = (await ana?.ask()) ?? "";
  await makeAll(town);
  const second = (await eve?.ask()) ?? "";
  await run();
  town.dot.reset();
  await makeAll(town);
  expect((await ana?.look(first))?.body).toMatchObject({ state: "expired" });
  expect((await eve?.look(second))?.body).toMatchObject({ state: "ready" });
  expect(starts()).toBe(1);
  const third = (await ida?.ask()) ?? "";
  await makeAll(town);
  expect((await ida?.look(third))?.body).toMatchObject({ state: "ready" });
  expect(starts()).toBe(1);
});

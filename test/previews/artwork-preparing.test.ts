// Who prepares a photo: workers that die, that come back too late, and that call the previews which wait for it.
import "./folder.ts";
import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { preparing } from "#app/previews/artwork-preparing.server.ts";
import { normalise } from "#app/previews/normalise.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { aShop, shop } from "#test/support/road.ts";
import { aForm, aPhoto, prepareAll, rowOf, upload } from "./shopper.ts";

const database = testDatabase();
beforeEach(() => aShop(database.pool, shop));

const worker = () => ({ db: database.pool, wake: () => undefined });

test("a worker that was killed in the middle costs two minutes and no photo", async () => {
  const id = (await upload(database.pool, aForm(await aPhoto()))).body.artwork ?? "";
  // Never comes back: the process is gone.
  void (await preparing(worker(), 2, () => new Promise(() => undefined)));
  await prepareAll(database.pool);
  expect(await rowOf(database.pool, id)).toMatchObject({ state: "new" });
  await database.later("2 minutes");
  await prepareAll(database.pool);
  expect(await rowOf(database.pool, id)).toMatchObject({ state: "ready", tries: 2 });
});

test("a worker that comes back too late changes nothing of what another did", async () => {
  const id = (await upload(database.pool, aForm(await aPhoto()))).body.artwork ?? "";
  let finish: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (finish = resolve));
  const [late] = await preparing(worker(), 1, async () => {
    await held;
    return { kind: "refused", code: "type" };
  });
  await database.later("2 minutes");
  await prepareAll(database.pool);
  finish();
  await late;
  expect(await rowOf(database.pool, id)).toMatchObject({ state: "ready", error: null });
});

/** A preview that has looked for its photo, found it unprepared and looks again in a minute. */
async function aWaitingPreview(artwork: string): Promise<string> {
  const { rows } = await database.pool.query<{ id: string }>(
    `INSERT INTO "Preview" (shop, "connectionId", "artworkId", browser, key, work, "variantId", size, looks, "nextRunAt")
     VALUES ($1, $2, $3, 'b', gen_random_uuid(), 'w', '1', 's', '{drama}', now() + interval '1 minute') RETURNING id`,
    [shop, randomUUID(), artwork],
  );
  return rows[0]?.id ?? "";
}

test("a preview that was asked for while its photo was prepared goes on as soon as the photo is ready, or is not", async () => {
  for (const take of [normalise, async () => ({ kind: "refused", code: "type" }) as const]) {
    const id = (await upload(database.pool, aForm(await aPhoto()))).body.artwork ?? "";
    const preview = await aWaitingPreview(id);
    const woken: string[] = [];
    await Promise.all(await preparing({ db: database.pool, wake: (step) => void woken.push(step) }, 1, take));
    expect(woken).toEqual(["previews"]);
    const due = await database.pool.query(`SELECT 1 FROM "Preview" WHERE id = $1 AND "nextRunAt" <= now()`, [
      preview,
    ]);
    expect(due.rowCount).toBe(1);
  }
});

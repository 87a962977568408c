// The database goes away for a moment, just when a vendor has answered: what the vendor said is not lost with it.
import { expect, test } from "vitest";
import type { Db, Sql } from "#app/db.server.ts";
import { drain } from "#test/support/road.ts";
import { aTown, printSku, ringSku } from "#test/support/town.ts";

const town = aTown();

/** A database that is away `times` times when the end of a try is written; `written` = it was, only nobody heard. */
function awayWhenClosing(times: number, written: boolean): Db {
  const { pool } = town.database;
  let left = times;
  const query: Sql["query"] = async (text, values) => {
    const isClosing = text.includes('"committingAt" = CASE');
    if (!isClosing || left === 0) return pool.query(text, values);
    left--;
    if (written) await pool.query(text, values);
    throw new Error("Connection terminated unexpectedly");
  };
  return { query, connect: () => pool.connect() };
}

test("a ring whose purchase was confirmed keeps its number while the database is away", async () => {
  await town.connect("dora");
  const { id } = await town.shopify.checkout({ lines: [town.line(ringSku)] });
  await town.shopify.settled();
  await drain({ ...town.world, db: awayWhenClosing(2, false) });
  const [entry] = town.dora.ledger();
  expect(await town.parts(id)).toMatchObject([{ status: "sent", vendorNumber: entry?.number }]);
});

test("an end that was written although nobody heard so is not written twice", async () => {
  await town.connect("oms");
  town.oms.fault({ on: "POST /api/v1/orders", kind: "too-many", retryAfterSeconds: 30 });
  const { id } = await town.shopify.checkout({ lines: [town.line(printSku)] });
  await town.shopify.settled();
  await drain({ ...town.world, db: awayWhenClosing(1, true) });
  expect(await town.parts(id)).toMatchObject([{ status: "waiting", tries: 1 }]);
  expect((await town.story(id)).filter((sentence) => sentence.includes("slow down"))).toHaveLength(1);
  await town.database.later("1 minute");
  await town.rest();
  expect(await town.parts(id)).toMatchObject([{ status: "sent" }]);
  expect(town.oms.ledger()).toHaveLength(1);
});

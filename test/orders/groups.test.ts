// Lines that a vendor does not take together become parts of their own, and stay what they are.
import { beforeEach, expect, test } from "vitest";
import { routing } from "#app/orders/routing.ts";
import type { LineFacts } from "#app/orders/order.ts";
import { anOrder, properties } from "#test/support/builders.ts";
import { testDatabase } from "#test/support/database.ts";
import { aConnection, aMapping, aShop, aWorld, shop, takeIn } from "#test/support/road.ts";
import { aDesignLine, inMinnesota, settings } from "#test/vendors/whcc/support.ts";

const database = testDatabase();

beforeEach(async () => {
  await aShop(database.pool);
  const connectionId = await aConnection(database.pool, {
    vendor: "whcc",
    settings: settings(),
    holdMinutes: 30,
  });
  await aMapping(database.pool, { variantId: "9001", connectionId, product: { productUids: "186" } });
});

const designOf = (account: string, changes: Partial<LineFacts>): LineFacts =>
  aDesignLine({
    properties: properties({ _editor_id: "demoPhotoBlock", _whcc_account_id: account }),
    ...changes,
  });

let minute = 0;
async function route(lines: LineFacts[]): Promise<void> {
  const updatedAt = `2026-11-22T08:${String(10 + minute++).padStart(2, "0")}:00Z`;
  await takeIn(database.pool, anOrder({ lines, updatedAt, shippingAddress: inMinnesota() }), shop);
  await routing(aWorld(database.pool, []));
}

async function parts(): Promise<Record<string, { id: string; status: string; lines: string[] }>> {
  const { rows } = await database.pool.query<{ part: string; id: string; status: string; lines: string[] }>(
    `SELECT v.part, v.id, v.status, coalesce(array_agg(l."shopifyLineId" ORDER BY l."shopifyLineId") FILTER (WHERE l.id IS NOT NULL), '{}') AS lines
     FROM "VendorOrder" v LEFT JOIN "OrderLine" l ON l."vendorOrderId" = v.id GROUP BY v.id ORDER BY v.part`,
  );
  return Object.fromEntries(rows.map(({ part, ...row }) => [part, row]));
}

test("W5 two shoppers' designs in one order are two parts at one account, each with its own lines", async () => {
  await route([
    designOf("ana", { id: "1" }),
    designOf("ben", { id: "2" }),
    designOf("ana", { id: "3", quantity: 1 }),
  ]);
  expect(await parts()).toMatchObject({
    a: { status: "waiting", lines: ["1", "3"] },
    b: { status: "waiting", lines: ["2"] },
  });
});

test("when the order is edited each part stays itself, and no line moves into another one", async () => {
  await route([designOf("ana", { id: "1" }), designOf("ben", { id: "2" })]);
  const before = await parts();

  // Turned around, a new shopper first, and one design more for Ben.
  await route([
    designOf("cat", { id: "4" }),
    designOf("ben", { id: "2" }),
    designOf("ben", { id: "3" }),
    designOf("ana", { id: "1" }),
  ]);

  const after = await parts();
  expect(after).toMatchObject({ a: { lines: ["1"] }, b: { lines: ["2", "3"] }, c: { lines: ["4"] } });
  expect([after["a"]?.id, after["b"]?.id]).toEqual([before["a"]?.id, before["b"]?.id]);
});

test("a group whose lines are gone ends alone, and comes back as itself when they do", async () => {
  await route([designOf("ana", { id: "1" }), designOf("ben", { id: "2" })]);
  await route([designOf("ana", { id: "1" }), designOf("ben", { id: "2", quantity: 0 })]);
  expect(await parts()).toMatchObject({ a: { status: "waiting" }, b: { status: "cancelled", lines: [] } });
  await route([designOf("ana", { id: "1" }), designOf("ben", { id: "2", quantity: 1 })]);
  expect(await parts()).toMatchObject({
    a: { status: "waiting", lines: ["1"] },
    b: { status: "waiting", lines: ["2"] },
  });
});

test("a line without a product holds its own group, and the other one goes", async () => {
  await route([
    designOf("ana", { id: "1" }),
    designOf("ben", { id: "2" }),
    designOf("ben", { id: "3", variantId: "9009" }),
  ]);
  expect(await parts()).toMatchObject({
    a: { status: "waiting", lines: ["1"] },
    b: { status: "held", lines: ["2"] },
  });
});

test("letters are not used twice when a part comes before an older one", async () => {
  await route([designOf("ben", { id: "2" })]);
  await route([designOf("ana", { id: "1" }), designOf("ben", { id: "2" })]);
  await route([designOf("cat", { id: "3" }), designOf("ana", { id: "1" }), designOf("ben", { id: "2" })]);
  expect(await parts()).toMatchObject({ a: { lines: ["2"] }, b: { lines: ["1"] }, c: { lines: ["3"] } });
});

// What a vendor's callback does to the order it is about, once it is kept.
import { describe, expect, test } from "vitest";
import {
  database,
  app,
  aWorld,
  connected,
  atWhcc,
  accepted,
  rejected,
  shipped,
  tell,
  post,
  kept,
} from "./callback-scene.ts";

describe("what news do", () => {
  test("W16 the same news told twice are one parcel", async () => {
    const { connectionId, vendorOrderId } = await atWhcc();
    const world = aWorld();
    await tell(connectionId, accepted);
    await tell(connectionId, shipped);
    await tell(connectionId, shipped);
    expect(await app.tracking(world)).toBe(2);
    await tell(connectionId, shipped);
    expect(await app.tracking(world)).toBe(0);

    expect(await app.shipments(database.pool, vendorOrderId)).toMatchObject([
      { carrier: "UPS", trackingNumber: "1Z999", lines: [{ lineId: "14001", quantity: 1 }] },
    ]);
    expect(await app.row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({
      status: "shipped",
      vendorState: "Shipped",
    });
    expect(world.woken).toContain("writeback");
    expect(await kept()).toMatchObject([
      { state: "done", data: null },
      { state: "done", data: null },
    ]);
  });

  test("three workers at once work in each of them once", async () => {
    const { connectionId, vendorOrderId } = await atWhcc();
    await tell(connectionId, accepted);
    await tell(connectionId, shipped);
    const worked = await Promise.all([1, 2, 3].map(() => app.tracking(aWorld())));
    expect(worked.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(2);
    await app.tracking(aWorld());
    expect(await app.shipments(database.pool, vendorOrderId)).toHaveLength(1);
    expect(await kept()).toMatchObject([{ state: "done" }, { state: "done" }]);
  });

  test("W14 an order that is rejected after it was sent is said on its page, with the picture", async () => {
    const { connectionId, vendorOrderId, orderId } = await atWhcc();
    await tell(connectionId, rejected);
    await app.tracking(aWorld());

    const part = await app.row(database.pool, "VendorOrder", vendorOrderId);
    expect(part).toMatchObject({ status: "sent", vendorState: "Rejected" });
    expect(part["notice"]).toContain("https://img.example.com/a.jpg");
    expect((await app.story(database.pool, orderId)).join(" ")).toContain("Image copy error");
  });

  test("a callback that is faster than the answer to our own request waits for it", async () => {
    const { connectionId, vendorOrderId } = await atWhcc({
      status: "waiting",
      vendorNumber: null,
      committingAt: new Date(),
    });
    const world = aWorld();
    await tell(connectionId, accepted);
    await tell(connectionId, shipped);
    expect(await app.tracking(world)).toBe(2);
    expect(await kept()).toMatchObject([{ state: "orphan" }, { state: "orphan" }]);
    expect(await app.tracking(world)).toBe(0);

    await database.pool.query(
      `UPDATE "VendorOrder" SET status = 'sent', "committingAt" = NULL, "vendorNumber" = 'C-1' WHERE id = $1`,
      [vendorOrderId],
    );
    await database.later("6 seconds");
    expect(await app.tracking(world)).toBe(2);
    expect(await app.row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({ status: "shipped" });
  });

  test("when the merchant finds the order and enters its number, what waited for it is worked in at once", async () => {
    const { connectionId, vendorOrderId } = await atWhcc({
      status: "held",
      code: "unsure",
      sentence: "Look there.",
      vendorNumber: null,
    });
    await tell(connectionId, shipped);
    const world = aWorld();
    await app.tracking(world);
    await database.later("3 hours");
    await app.tracking(world);
    expect(await app.itExists(world, { shop: app.shop, vendorOrderId, number: "C-1" })).toEqual({
      done: true,
    });
    expect(await app.tracking(world)).toBe(1);
    expect(await app.row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({ status: "shipped" });
  });

  test("news that fit no order for a month are forgotten, and another shop's order is never touched by them", async () => {
    const { connectionId } = await connected();
    const other = await atWhcc({ shop: "other.myshopify.com" });
    await tell(connectionId, shipped);
    await app.tracking(aWorld());
    expect(await kept()).toMatchObject([{ state: "orphan" }]);
    expect(await app.shipments(database.pool, other.vendorOrderId)).toEqual([]);

    await database.later("31 days");
    await app.sweepPersonalData(database.pool, () => Promise.resolve());
    expect(await kept()).toEqual([]);
  });

  test("news of a part that was taken back are not kept quiet", async () => {
    const { connectionId, vendorOrderId } = await atWhcc({ status: "cancelled", code: "taken back" });
    await tell(connectionId, shipped);
    await app.tracking(aWorld());
    const part = await app.row(database.pool, "VendorOrder", vendorOrderId);
    expect(part["status"]).toBe("cancelled");
    expect(part["notice"]).toContain("Look there whether it is being made");
    expect(await app.shipments(database.pool, vendorOrderId)).toEqual([]);
  });
});

test("a hint is not believed: it only makes us look now", async () => {
  const connection = await app.aConnection(database.pool, { vendor: "oms", settings: {} });
  const { vendorOrderId } = await app.aPartRow(database.pool, {
    ...connection,
    part: { status: "sent", trackAt: new Date(Date.now() + 3_600_000), trackTries: 7 },
    lines: [{ lineId: "14001", quantity: 1 }],
  });
  const settings = { baseUrl: "https://oms.example.com", token: "t-12345", storeId: "S1" };
  const { sealJson } = await import("#app/crypto.server.ts");
  const { settingsPlace } = await import("#app/connections/row.server.ts");
  await database.pool.query(`UPDATE "Connection" SET settings = $2 WHERE id = $1`, [
    connection.connectionId,
    sealJson(settings, settingsPlace({ id: connection.connectionId, shop: app.shop })),
  ]);
  const path = `/webhooks/vendors/oms/${connection.connectionId}`;
  expect(await post(path, { body: `{"ecommerce_order_item_id":"99"}` })).toBe(200);
  expect(await app.row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({ trackTries: 7 });

  expect(await post(path, { body: `{"item":{"ecommerce_order_item_id":"14001","status":"ready"}}` })).toBe(
    200,
  );
  const part = await app.row(database.pool, "VendorOrder", vendorOrderId);
  expect(part).toMatchObject({ trackTries: 0, vendorState: null, status: "sent" });
  expect((part["trackAt"] as Date).getTime()).toBeLessThanOrEqual(Date.now() + 1000);
  expect(await kept()).toEqual([]);
});

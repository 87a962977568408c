// What pages read from the database: one shop's rows only, with the sentences a merchant needs, and no personal
// data that nobody asked for.
import { beforeAll, describe, expect, test } from "vitest";
import { pagesDatabase } from "./pages-database.ts";

const database = pagesDatabase();
const shop = "demo.myshopify.com";
const other = "other.myshopify.com";
const now = new Date("2026-11-22T10:00:00Z");

async function load() {
  return {
    ...(await import("#test/orders/rows.ts")),
    ...(await import("#app/crypto.server.ts")),
    ...(await import("#app/ui/order-page.server.ts")),
    ...(await import("#app/ui/orders-page.server.ts")),
    ...(await import("#app/ui/evidence.server.ts")),
    ...(await import("#app/ui/home-page.server.ts")),
    ...(await import("#app/ui/products-page.server.ts")),
    ...(await import("#app/ui/vendors-page.server.ts")),
    ...(await import("#app/ui/shop-settings.server.ts")),
    ...(await import("#app/ui/decide.server.ts")),
    ...(await import("#app/ui/connect.server.ts")),
    ...(await import("#app/world.server.ts")),
  };
}
let app: Awaited<ReturnType<typeof load>>;

beforeAll(async () => {
  app = await load();
});

async function aPart(given: Partial<Parameters<typeof app.aPartRow>[1]> = {}) {
  const connection = await app.aConnection(database.pool);
  return { ...connection, ...(await app.aPartRow(database.pool, { ...connection, ...given })) };
}

describe("the page of an order", () => {
  test("shows what can be done, and no name, street, phone or e-mail", async () => {
    const { orderId } = await aPart({ part: { status: "held", code: "rejected", sentence: "Unknown SKU." } });

    const page = await app.readOrderPage({ shop, id: orderId, now });

    expect(page?.parts).toMatchObject([
      { badge: { label: "Needs you" }, saying: { text: "Unknown SKU." }, offers: ["try again", "give up"] },
    ]);
    expect(JSON.stringify(page)).not.toMatch(/Ana|Main St|6581234567|a@ex\.com/);
  });

  test("is not there for another shop", async () => {
    const { orderId } = await aPart();

    expect(await app.readOrderPage({ shop: other, id: orderId, now })).toBeUndefined();
  });

  test("still works when the key of its details is gone", async () => {
    const { orderId } = await aPart();
    await database.pool.query(`UPDATE "Order" SET facts = 'x'::bytea WHERE id = $1`, [orderId]);

    const page = await app.readOrderPage({ shop, id: orderId, now });

    expect(page).toMatchObject({ unreadable: true, parts: [{ status: "waiting" }] });
  });

  test("counts what is in no parcel yet, and makes no link of a script", async () => {
    const { orderId, vendorOrderId } = await aPart({
      lines: [{ lineId: "1", quantity: 3 }],
      part: { status: "sent" },
    });
    await database.pool.query(
      `INSERT INTO "Shipment" (shop, "vendorOrderId", parcel, "trackingUrl", lines) VALUES ($1, $2, 'p', 'javascript:alert(1)', $3)`,
      [shop, vendorOrderId, JSON.stringify([{ lineId: "1", quantity: 1 }])],
    );

    const page = await app.readOrderPage({ shop, id: orderId, now });

    expect(page?.parts).toMatchObject([
      { unshipped: [{ lineId: "1", quantity: 2 }], shipments: [{ pieces: 1, trackingUrl: undefined }] },
    ]);
  });
});

describe("exactly what was sent", () => {
  const payload = { full_name: "Ana Tan", note: "For Ana Tan", sku: "KIT-1" };

  test("hides who the customer is until somebody asks", async () => {
    const { vendorOrderId } = await aPart({ payload });
    const asked = { shop, vendorOrderId, user: "1" };

    const hidden = await app.readEvidence({ ...asked, personal: false });
    const shown = await app.readEvidence({ ...asked, personal: true });

    expect(hidden).toMatchObject({
      payload: JSON.stringify({ full_name: "•••", note: "For •••", sku: "KIT-1" }, null, 2),
    });
    expect(shown).toMatchObject({ payload: JSON.stringify(payload, null, 2), showsPersonal: true });
  });

  test("is nothing that another shop may see", async () => {
    const { vendorOrderId } = await aPart({ payload });

    const evidence = await app.readEvidence({ shop: other, vendorOrderId, user: "1", personal: true });

    expect(evidence).toEqual({ refused: expect.stringContaining("not there any more") });
  });
});

describe("a decision", () => {
  const decide = (fields: Record<string, string>, as = shop, orderId: string = crypto.randomUUID()) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return app.decide({ shop: as, orderId, user: "1", form });
  };

  test("is done for the shop's own part, and refused for another's", async () => {
    const { vendorOrderId } = await aPart({
      part: { status: "held", code: "approval", sentence: "Waits for you." },
    });

    expect(await decide({ intent: "approve", part: vendorOrderId }, other)).toHaveProperty("refused");
    expect(await decide({ intent: "approve", part: vendorOrderId })).toHaveProperty("done");
  });

  test("that lacks something names the field, whatever was posted", async () => {
    const { vendorOrderId } = await aPart({ part: { status: "sent" } });
    const parcel = { intent: "add shipment", part: vendorOrderId, notify: "true", lines: "[]" };

    expect(await decide({ ...parcel, carrier: "", trackingNumber: "1" })).toEqual({
      errors: { carrier: "Enter the carrier." },
    });
    for (const lines of ["", "{", '[{"lineId":"1","quantity":1.5}]', '[{"lineId":"1","quantity":-1}]'])
      expect(await decide({ ...parcel, carrier: "DHL", trackingNumber: "1", lines })).toEqual({
        errors: { lines: "Enter whole numbers that are not more than what is left." },
      });
    expect(await decide({ intent: "buy everything" })).toHaveProperty("errors");
    expect(await decide({ intent: "route again" }, shop, "1001")).toHaveProperty("refused");
  });
});

describe("the list of orders", () => {
  const asked = { shop, view: "all", search: "", cursor: undefined, backwards: false, now } as const;

  test("finds an order by our reference, the vendor's number or a tracking number", async () => {
    const { reference, vendorOrderId } = await aPart({ part: { vendorNumber: "V-77" } });
    await database.pool.query(
      `INSERT INTO "Shipment" (shop, "vendorOrderId", parcel, "trackingNumber", lines) VALUES ($1, $2, 'p', 'TRACK1', '[]')`,
      [shop, vendorOrderId],
    );

    for (const search of [reference.toLowerCase(), "v-77", "track1", "1001", "5551234567890"])
      expect((await app.readOrdersPage({ ...asked, search })).rows).toHaveLength(1);
    expect((await app.readOrdersPage({ ...asked, search: "nothing" })).rows).toEqual([]);
    expect((await app.readOrdersPage({ ...asked, shop: other })).isNewShop).toBe(true);
  });

  test("puts an order under what needs the merchant when Shopify could not be told of its parcel", async () => {
    const { vendorOrderId } = await aPart({ part: { status: "shipped" } });
    await database.pool.query(
      `INSERT INTO "Shipment" (shop, "vendorOrderId", parcel, status, sentence, lines) VALUES ($1, $2, 'p', 'held', 'Shopify refused it.', '[]')`,
      [shop, vendorOrderId],
    );

    const page = await app.readOrdersPage({ ...asked, view: "needs-you" });

    expect(page).toMatchObject({ needing: 1, rows: [{ saying: { text: "Shopify refused it." } }] });
  });

  test("shows every order once, however many pages there are", async () => {
    await database.pool.query(
      `INSERT INTO "Order" (shop, "shopifyId", name, status, "updatedAt", "placedAt")
       SELECT $1, n::text, '#' || n, 'not ours', now(), now() - (n / 3) * interval '1 minute' FROM generate_series(1, 120) n`,
      [shop],
    );
    const { readCursor } = await import("#app/ui/paging.ts");

    const seen: string[] = [];
    let cursor: string | undefined;
    let last = await app.readOrdersPage(asked);
    for (;;) {
      seen.push(...last.rows.map((row) => row.name));
      cursor = last.older;
      if (cursor === undefined) break;
      last = await app.readOrdersPage({ ...asked, cursor: readCursor(cursor) });
    }
    const back = await app.readOrdersPage({
      ...asked,
      cursor: readCursor(last.newer ?? ""),
      backwards: true,
    });

    expect(new Set(seen).size).toBe(120);
    expect(seen).toHaveLength(120);
    expect(back.rows.map((row) => row.name)).toEqual(seen.slice(50, 100));
  });
});

describe("Home, Vendors, Products and Settings", () => {
  test("Home tells what stands in the way of the next order", async () => {
    const { connectionId } = await app.aConnection(database.pool, { status: "failing" });
    const removed = await app.aConnection(database.pool);
    await database.pool.query(`UPDATE "Connection" SET "removedAt" = now() WHERE id = $1`, [
      removed.connectionId,
    ]);
    await database.pool.query(
      `INSERT INTO "Mapping" (shop, "variantId", title, "connectionId", product) VALUES ($1, '1', 'Kit', $2, '{}')`,
      [shop, removed.connectionId],
    );

    const home = await app.readHomePage({ shop, now });

    expect(home).toMatchObject({ broken: 1, troubles: [{ id: connectionId, isStopped: true }] });
    expect(home.steps.map((step) => step.done)).toEqual([true, true, false, false]);
    const page = await app.readProductsPage({ shop, view: "broken", search: "", cursor: null });
    expect(page.choices).toMatchObject([{ variantId: "1", badge: { tone: "critical" } }]);
  });

  test("the form of a connection never holds a stored secret, and is not there for another shop", async () => {
    const token = "a-token-that-is-long";
    const { connectionId } = await app.aConnection(database.pool, { settings: { token, storeId: "9" } });

    const page = await app.readVendorPage({ shop, vendorId: "oms", connectionId });

    expect(page?.connection?.values).toMatchObject({ token: "a-toke…•••", storeId: "9" });
    expect(JSON.stringify(page)).not.toContain(token);
    expect(await app.readVendorPage({ shop: other, vendorId: "oms", connectionId })).toBeUndefined();
    expect(await app.readVendorPage({ shop, vendorId: "nobody", connectionId: undefined })).toBeUndefined();
  });

  test("settings are kept, wrong ones say what is wrong", async () => {
    const form = new FormData();
    form.set("trigger", "never");
    form.set("matchBySku", "true");
    expect(await app.saveSettings(shop, form)).toEqual({
      errors: { trigger: "Choose when an order may go." },
    });

    form.set("trigger", "create");
    await app.saveSettings(shop, form);
    await app.dismissGuide(shop);

    expect(await app.readSettingsPage(shop)).toMatchObject({
      trigger: "create",
      matchBySku: true,
      isGuideDismissed: true,
    });
    expect((await app.readHomePage({ shop, now })).isGuideShown).toBe(false);
  });

  test("an export of a customer's data is for its own shop", async () => {
    await database.pool.query(
      `INSERT INTO "PrivacyRequest" (id, shop, topic, export) VALUES (7, $1, 'customers/data_request', $2)`,
      [
        shop,
        app.sealJson({ orders: ["#1001"] }, { table: "PrivacyRequest", column: "export", shop, row: "7" }),
      ],
    );

    expect(await app.readExport({ shop: other, request: "7", user: "1" })).toHaveProperty("refused");
    expect(await app.readExport({ shop, request: "7'", user: "1" })).toHaveProperty("refused");
    expect(await app.readExport({ shop, request: "7", user: "1" })).toEqual({
      name: "customer-data-7.json",
      text: JSON.stringify({ orders: ["#1001"] }, null, 2),
    });
  });
});

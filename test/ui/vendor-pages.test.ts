// The pages of what vendors can do besides taking orders: tools, callbacks, catalogues, files. One shop's rows only.
import { beforeAll, describe, expect, test } from "vitest";
import { pagesDatabase } from "./pages-database.ts";

const database = pagesDatabase();
const shop = "demo.myshopify.com";
const other = "other.myshopify.com";
const now = new Date("2026-11-22T10:00:00Z");

async function load() {
  return {
    ...(await import("#test/orders/rows.ts")),
    ...(await import("#app/ui/tool-page.server.ts")),
    ...(await import("#app/ui/chosen.server.ts")),
    ...(await import("#app/ui/catalogue-page.server.ts")),
    ...(await import("#app/ui/vendors-page.server.ts")),
    ...(await import("#app/ui/orders-page.server.ts")),
    ...(await import("#app/ui/order-page.server.ts")),
    ...(await import("#app/ui/connect.server.ts")),
    ...(await import("#app/ui/decide.server.ts")),
    ...(await import("#app/vendors/index.server.ts")),
    ...(await import("#app/world.server.ts")),
  };
}
let app: Awaited<ReturnType<typeof load>>;

beforeAll(async () => {
  app = await load();
});

async function aSentPart(status = "sent") {
  const connection = await app.aConnection(database.pool);
  const part = await app.aPartRow(database.pool, { ...connection, part: { status, vendorNumber: "V-77" } });
  return { ...connection, ...part };
}

/** A tool of the OMS that takes orders. */
function orderTool(): string {
  const tool = app.vendorById("oms")?.tools.find(({ takes }) => takes === "orders");
  if (!tool) throw new Error("the OMS has no tool for orders");
  return tool.id;
}

describe("the page of a tool", () => {
  const asked = { shop, vendorId: "oms", ids: null, search: "", cursor: null };

  test("shows the form and the orders that were chosen on the list", async () => {
    const { connectionId, orderId, vendorOrderId } = await aSentPart();
    const page = await app.readToolPage({ ...asked, toolId: orderTool(), connectionId, ids: orderId });

    expect(page).toMatchObject({
      vendor: { id: "oms" },
      tool: { takes: "orders" },
      choosing: { chosen: [{ id: vendorOrderId, name: "#1001" }], leftOut: 0 },
    });
  });

  test("offers only orders that the vendor has from this connection, and says what it left out", async () => {
    const waiting = await aSentPart("waiting");
    const { connectionId } = waiting;

    const page = await app.readToolPage({
      ...asked,
      toolId: orderTool(),
      connectionId,
      ids: waiting.orderId,
    });

    expect(page?.choosing).toMatchObject({ chosen: [], leftOut: 1, found: [] });
  });

  test("is not there for another shop, another vendor or an unknown tool", async () => {
    const { connectionId } = await aSentPart();
    const toolId = orderTool();

    expect(await app.readToolPage({ ...asked, shop: other, toolId, connectionId })).toBeUndefined();
    expect(await app.readToolPage({ ...asked, vendorId: "dora", toolId, connectionId })).toBeUndefined();
    expect(await app.readToolPage({ ...asked, toolId: "nothing", connectionId })).toBeUndefined();
    expect(await app.readToolPage({ ...asked, toolId, connectionId: "1" })).toBeUndefined();
  });

  test("asks for an order before it asks the vendor", async () => {
    const { connectionId } = await aSentPart();
    const request = new Request("https://app.example.com", { method: "POST", body: new FormData() });

    const answer = await app.runPosted({ shop, vendorId: "oms", toolId: orderTool(), connectionId }, request);

    expect(answer).toEqual({ errors: { ids: "Choose an order first." } });
  });

  test("gives the browser a file as text it can save, and no link that is none", () => {
    const shown = app.shown(
      {
        sentence: "1 file.",
        table: { columns: ["A", "B"], rows: [[3, { text: "x", href: "javascript:alert(1)" }]] },
        image: "javascript:alert(1)",
        file: { filename: "a.txt", contentType: "text/plain", bytes: new TextEncoder().encode("hi") },
      },
      1,
    );

    expect(shown).toEqual({
      at: 1,
      sentence: "1 file.",
      warnings: [],
      facts: [],
      table: { columns: ["A", "B"], rows: [[{ text: "3", isNumber: true }, { text: "x" }]] },
      file: { name: "a.txt", type: "text/plain", base64: "aGk=" },
    });
  });
});

describe("the form of a new connection", () => {
  test("offers a name that no other connection has", async () => {
    const form = { shop, vendorId: "oms", connectionId: undefined };
    expect(await app.readVendorPage(form)).toMatchObject({ newLabel: "Ideal Factory OMS" });
    await app.aConnection(database.pool);
    expect(await app.readVendorPage(form)).toMatchObject({ newLabel: "Ideal Factory OMS 2" });
  });
});

describe("the lists", () => {
  test("offer a vendor's tools and files for the orders it has", async () => {
    await aSentPart();

    const page = await app.readOrdersPage({
      shop,
      view: "all",
      search: "",
      cursor: undefined,
      backwards: false,
      now,
    });

    expect(page.tools.map(({ to }) => to)).toContainEqual(expect.stringContaining("/app/vendors/oms/tools/"));
    expect(page.hasFiles).toBe(true);
    expect(page.rows[0]?.parts).toMatchObject([{ hasFiles: true }]);
  });
});

describe("the page of a sent part", () => {
  test("offers what its vendor can change, and nothing once the connection is removed", async () => {
    const { orderId, connectionId } = await aSentPart();
    const before = await app.readOrderPage({ shop, id: orderId, now });
    await database.pool.query(`UPDATE "Connection" SET "removedAt" = now() WHERE id = $1`, [connectionId]);
    const after = await app.readOrderPage({ shop, id: orderId, now });

    expect(before?.parts[0]?.offers).toEqual(["add shipment", "cancel at vendor"]);
    expect(before?.parts[0]?.hasFiles).toBe(true);
    expect(after?.parts[0]?.offers).toEqual(["add shipment"]);
    expect(after?.parts[0]?.hasFiles).toBe(false);
  });

  test.each([
    ["the delivery address is another one", `"addressHash" = 'of the first one'`, true],
    ["the order is newer than what was sent", `"sentAt" = now() - interval '1 year'`, false],
  ])("offers to tell its vendor of a change once %s", async (_, change, isAddressNew) => {
    const { orderId, vendorOrderId } = await aSentPart();
    await database.pool.query(`UPDATE "VendorOrder" SET ${change} WHERE id = $1`, [vendorOrderId]);
    const page = await app.readOrderPage({ shop, id: orderId, now });

    expect(page?.parts).toMatchObject([{ isAddressNew }]);
    expect(page?.parts[0]?.offers).toContain("update at vendor");
  });

  test("tells a vendor's complaint from a note of ours", async () => {
    const { orderId, vendorOrderId } = await aSentPart();
    await database.pool.query(
      `UPDATE "VendorOrder" SET notice = 'The photo is too small.', "trackAt" = NULL WHERE id = $1`,
      [vendorOrderId],
    );
    const ours = await app.readOrderPage({ shop, id: orderId, now });
    await database.pool.query(
      `INSERT INTO "TimelineEntry" (shop, "orderId", "vendorOrderId", who, sentence) VALUES ($1, $2, $3, 'vendor', 'The photo is too small.')`,
      [shop, orderId, vendorOrderId],
    );
    const theirs = await app.readOrderPage({ shop, id: orderId, now });

    expect(ours?.parts).toMatchObject([{ noticeBy: "app" }]);
    expect(theirs?.parts).toMatchObject([{ noticeBy: "vendor", isLastWord: true }]);
  });

  test("is changed, checked and read only by its own shop", async () => {
    const { orderId, vendorOrderId } = await aSentPart();
    for (const intent of ["check", "update at vendor", "cancel at vendor", "list files"]) {
      const form = new FormData();
      form.set("intent", intent);
      form.set("part", vendorOrderId);

      expect(await app.decide({ shop: other, orderId, user: "1", form })).toHaveProperty("refused");
    }
  });
});

describe("the page of a connection", () => {
  test("says whether the vendor's calls arrive, and where it has to call", async () => {
    const { connectionId } = await app.aConnection(database.pool, { settings: { storeId: "9" } });
    const asked = { shop, vendorId: "oms", connectionId };
    const before = await app.readVendorPage(asked);
    await database.pool.query(
      `INSERT INTO "VendorCallback" (shop, "connectionId", "callbackId", state, data, "forgetAt") VALUES ($1, $2, 'c1', 'orphan', 'x'::bytea, now())`,
      [shop, connectionId],
    );
    const after = await app.readVendorPage(asked);

    expect(before?.callbacks?.address).toMatch(new RegExp(`/webhooks/vendors/oms/${connectionId}$`));
    expect(before?.callbacks).toMatchObject({ badge: { label: "Not set up" }, unmatched: 0 });
    expect(after?.callbacks).toMatchObject({ badge: { label: "Works" }, unmatched: 1 });
    expect(after?.vendor.tools.length).toBeGreaterThan(0);
  });

  test("C20: a vendor without orders is shown as catalogue only, and offered for no product", async () => {
    await app.aConnection(database.pool, { vendor: "brand" });
    const { vendors } = await app.readVendorsPage(shop);

    expect(vendors.find(({ id }) => id === "brand")).toMatchObject({
      isCatalogueOnly: true,
      connections: [{ sentence: "Your products are published there. It takes no orders." }],
    });
    expect(vendors.find(({ id }) => id === "oms")).toMatchObject({ isCatalogueOnly: false });
  });
});

describe("the page of a catalogue", () => {
  const asked = { shop, vendorId: "brand", view: "all", search: "", page: 1, now } as const;

  test("shows each product with its sentence, and is not there for another shop or an order vendor", async () => {
    const { connectionId } = await app.aConnection(database.pool, { vendor: "brand" });
    await database.pool.query(
      `INSERT INTO "Publication" (shop, "connectionId", "productId", state, code, sentence, key, planned, "itemHash")
       VALUES ($1, $2, '1', 'held', 'refused', 'It has no SKU.', NULL, 1, NULL),
         ($1, $2, '2', 'published', NULL, NULL, 'KIT-2', 1, 'h')`,
      [shop, connectionId],
    );

    const page = await app.readCataloguePage({ ...asked, connectionId });
    const held = await app.readCataloguePage({ ...asked, connectionId, view: "held" });

    expect(page?.rows).toHaveLength(2);
    expect(held?.rows).toMatchObject([{ badge: { label: "Held" }, sentence: "It has no SKU." }]);
    expect(await app.readCataloguePage({ ...asked, shop: other, connectionId })).toBeUndefined();
    expect(await app.readCataloguePage({ ...asked, vendorId: "oms", connectionId })).toBeUndefined();
  });

  test("a run is started once, shown while it runs, and stopped", async () => {
    const { connectionId } = await app.aConnection(database.pool, { vendor: "brand" });
    const post = (intent: string) => {
      const form = new FormData();
      form.set("intent", intent);
      return app.changeCatalogue({ shop, connectionId, form });
    };

    expect(await post("dry run")).toHaveProperty("done");
    expect(await post("publish all")).toHaveProperty("refused");
    const running = await app.readCataloguePage({ ...asked, connectionId });
    expect(await post("stop")).toEqual({ done: "Stopped." });
    const stopped = await app.readCataloguePage({ ...asked, connectionId });

    expect(running?.sync).toMatchObject({ isDryRun: true, isRunning: true, badge: { label: "Running" } });
    expect(stopped?.sync).toMatchObject({ isRunning: false, isFailed: true, sentence: "Stopped by you." });
    expect(await post("anything")).toHaveProperty("refused");
  });
});

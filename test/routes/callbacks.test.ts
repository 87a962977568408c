// A vendor's callback through its own address: really signed, over a real socket, kept in a real database.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { signatureOf, startWhcc, type WhccStandIn } from "#sandbox/vendors/whcc.ts";
import { testDatabase } from "#test/support/database.ts";

const database = testDatabase();
let whcc: WhccStandIn;
let server: Server;
let db: { away: boolean };

async function load() {
  return {
    ...(await import("#test/orders/rows.ts")),
    ...(await import("#test/vendors/whcc/support.ts")),
    ...(await import("#app/callbacks.server.ts")),
    ...(await import("#app/orders/tracking.ts")),
    ...(await import("#app/orders/decision.server.ts")),
    ...(await import("#app/privacy.server.ts")),
  };
}
let app: Awaited<ReturnType<typeof load>>;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const [, , , vendorId = "", connectionId = ""] = (request.url ?? "").split("/");
      const asked = new Request(`http://door${request.url ?? ""}`, {
        method: "POST",
        headers: request.headers as Record<string, string>,
        body: new Uint8Array(Buffer.concat(chunks)),
      });
      void app
        .answerCallback(aDoorWorld(), { vendorId, connectionId }, asked)
        .then(({ status }) => response.writeHead(status).end());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Here and not at the top: what imports the environment reads our own address from it, once.
  process.env["SHOPIFY_APP_URL"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  app = await load();
  whcc = await startWhcc();
});
beforeEach(() => {
  whcc.reset();
  db = { away: false };
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await whcc.stop();
});

const aWorld = () => app.aWorld(database.pool, [whcc.url]);

function aDoorWorld(): ReturnType<typeof app.aWorld> {
  const world = aWorld();
  const gone = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  const query = (text: string, values?: unknown[]): Promise<never> =>
    db.away ? Promise.reject(gone) : (database.pool.query(text, values) as unknown as Promise<never>);
  return { ...world, db: { query, connect: () => database.pool.connect() } };
}

async function connected() {
  const settings = app.settings({ baseUrl: whcc.url, submitBaseUrl: whcc.url, accountId: "demo-shopper" });
  return app.aConnection(database.pool, { vendor: "whcc", settings });
}

/** A part that WHCC confirmed as C-1: one line of one piece. */
async function atWhcc(part: Record<string, unknown> = {}) {
  const connection = await connected();
  const made = await app.aPartRow(database.pool, {
    ...connection,
    vendor: "whcc",
    lines: [{ lineId: "14001", quantity: 1 }],
    payload: app.payloadOf({ lines: [app.aDesignLine({ quantity: 1 })] }),
    part: { status: "sent", vendorNumber: "C-1", sentAt: new Date(), ...part },
  });
  return { ...connection, ...made };
}

const accepted = { Event: "Processed", ConfirmationId: "C-1", SequenceNumber: "1", Status: "Accepted" };
const rejected = {
  ...accepted,
  Status: "Rejected",
  Errors: [{ ErrorCode: "400.03", Error: "Image copy error", AssetPath: "https://img.example.com/a.jpg" }],
};
const shipped = {
  Event: "Shipped",
  ConfirmationId: "C-1",
  SequenceNumber: "1",
  ShippingInfo: [{ Carrier: "UPS", TrackingNumber: "1Z999", TrackingUrl: "https://ups.example.com/1Z999" }],
};

async function tell(connectionId: string, event: unknown, secret = "whcc_secret"): Promise<number> {
  const body = JSON.stringify(event);
  const signature = signatureOf(body, { secret, seconds: Math.floor(Date.now() / 1000) });
  const headers = { "content-type": "application/json", "whcc-signature": signature };
  return post(`/webhooks/vendors/whcc/${connectionId}`, { body, headers });
}

async function post(
  path: string,
  given: { body: string; headers?: Record<string, string> },
): Promise<number> {
  const response = await fetch(`${process.env["SHOPIFY_APP_URL"] ?? ""}${path}`, {
    method: "POST",
    ...given,
  });
  return response.status;
}

async function kept(): Promise<{ state: string; data: Buffer | null }[]> {
  const { rows } = await database.pool.query<{ state: string; data: Buffer | null }>(
    `SELECT state, data FROM "VendorCallback" ORDER BY "receivedAt"`,
  );
  return rows;
}

describe("what comes to a vendor's address", () => {
  test("news are kept, sealed, before they are answered", async () => {
    const { connectionId } = await atWhcc();

    expect(await tell(connectionId, accepted)).toBe(200);

    const [row] = await kept();
    expect(row?.state).toBe("new");
    expect(row?.data?.toString("latin1")).not.toContain("Accepted");
  });

  test("a bad signature is turned away, and nothing of it is kept", async () => {
    const { connectionId } = await atWhcc();
    expect(await tell(connectionId, accepted, "somebody else's")).toBe(401);
    expect(await kept()).toEqual([]);
  });

  test("an address of nobody, a removed connection and another vendor's connection are not there", async () => {
    const { connectionId } = await atWhcc();
    expect(await tell("00000000-0000-4000-8000-000000000000", accepted)).toBe(404);
    expect(await tell("1", accepted)).toBe(404);
    expect(await post(`/webhooks/vendors/oms/${connectionId}`, { body: "{}" })).toBe(404);
    expect(await post(`/webhooks/vendors/dora/${connectionId}`, { body: "{}" })).toBe(404);
    await database.pool.query(`UPDATE "Connection" SET "removedAt" = now()`);
    expect(await tell(connectionId, accepted)).toBe(404);
  });

  test("more than any vendor says is not read", async () => {
    const { connectionId } = await atWhcc();
    expect(await tell(connectionId, { ...accepted, more: "x".repeat(300_000) })).toBe(413);
    expect(await kept()).toEqual([]);
  });

  test("while the database is away the vendor is asked to tell it again, and then it is kept", async () => {
    const { connectionId } = await atWhcc();
    db.away = true;
    expect(await tell(connectionId, accepted)).toBe(503);
    db.away = false;
    expect(await tell(connectionId, accepted)).toBe(200);
    expect(await kept()).toHaveLength(1);
  });
});

describe("telling the vendor our address", () => {
  test("W17 WHCC asks back at once whether the address is ours, and is answered", async () => {
    const { connectionId } = await connected();
    const at = { shop: app.shop, connectionId };

    expect(await app.registerCallbacks(aWorld(), at)).toMatchObject({ done: true });

    const said = await app.readCallbacks(aWorld(), at);
    expect(said).toMatchObject({ canRegister: true, state: { state: "registered" } });
    expect(said?.address).toBe(
      `${process.env["SHOPIFY_APP_URL"] ?? ""}/webhooks/vendors/whcc/${connectionId}`,
    );
    expect(whcc.requests().map(({ path }) => path)).toContain("/api/v1/webhooks/verify");
  });

  test("W17 a handshake that nobody asked for, or that comes hours later, is not answered", async () => {
    const { connectionId } = await connected();
    const word = {
      body: "verifier=abc",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    };
    expect(await post(`/webhooks/vendors/whcc/${connectionId}`, word)).toBe(200);
    expect(whcc.requests()).toEqual([]);

    await app.registerCallbacks(aWorld(), { shop: app.shop, connectionId });
    await database.later("2 hours");
    const before = whcc.requests().length;
    expect(await post(`/webhooks/vendors/whcc/${connectionId}`, word)).toBe(200);
    expect(whcc.requests()).toHaveLength(before);
  });

  test("a vendor that could not reach us says so, and the page keeps the sentence", async () => {
    const { connectionId } = await connected();
    const at = { shop: app.shop, connectionId };
    whcc.fault({ kind: "error-not-done" });
    const answer = await app.registerCallbacks(aWorld(), at);
    expect(answer).toHaveProperty("refused");
    expect(await app.readCallbacks(aWorld(), at)).toMatchObject({ state: { state: "failed" } });
  });

  test("another shop can neither register nor read", async () => {
    const { connectionId } = await connected();
    const at = { shop: "other.myshopify.com", connectionId };
    expect(await app.registerCallbacks(aWorld(), at)).toHaveProperty("refused");
    expect(await app.readCallbacks(aWorld(), at)).toBeUndefined();
    expect(whcc.requests()).toEqual([]);
  });
});

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

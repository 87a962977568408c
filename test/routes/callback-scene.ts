// A world for callbacks: our own address behind a real socket, a lab that signs, a database that can go away.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { signatureOf, startWhcc, type WhccStandIn } from "#sandbox/vendors/whcc.ts";
import { testDatabase } from "#test/support/database.ts";

export const database = testDatabase();
export let whcc: WhccStandIn;
let server: Server;
export let db: { away: boolean };

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
export let app: Awaited<ReturnType<typeof load>>;

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

export const aWorld = () => app.aWorld(database.pool, [whcc.url]);

export function aDoorWorld(): ReturnType<typeof app.aWorld> {
  const world = aWorld();
  const gone = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  const query = (text: string, values?: unknown[]): Promise<never> =>
    db.away ? Promise.reject(gone) : (database.pool.query(text, values) as unknown as Promise<never>);
  return { ...world, db: { query, connect: () => database.pool.connect() } };
}

export async function connected() {
  const settings = app.settings({ baseUrl: whcc.url, submitBaseUrl: whcc.url, accountId: "demo-shopper" });
  return app.aConnection(database.pool, { vendor: "whcc", settings });
}

/** A part that WHCC confirmed as C-1: one line of one piece. */
export async function atWhcc(part: Record<string, unknown> = {}) {
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

export const accepted = {
  Event: "Processed",
  ConfirmationId: "C-1",
  SequenceNumber: "1",
  Status: "Accepted",
};
export const rejected = {
  ...accepted,
  Status: "Rejected",
  Errors: [{ ErrorCode: "400.03", Error: "Image copy error", AssetPath: "https://img.example.com/a.jpg" }],
};
export const shipped = {
  Event: "Shipped",
  ConfirmationId: "C-1",
  SequenceNumber: "1",
  ShippingInfo: [{ Carrier: "UPS", TrackingNumber: "1Z999", TrackingUrl: "https://ups.example.com/1Z999" }],
};

export async function tell(connectionId: string, event: unknown, secret = "whcc_secret"): Promise<number> {
  const body = JSON.stringify(event);
  const signature = signatureOf(body, { secret, seconds: Math.floor(Date.now() / 1000) });
  const headers = { "content-type": "application/json", "whcc-signature": signature };
  return post(`/webhooks/vendors/whcc/${connectionId}`, { body, headers });
}

export async function post(
  path: string,
  given: { body: string; headers?: Record<string, string> },
): Promise<number> {
  const response = await fetch(`${process.env["SHOPIFY_APP_URL"] ?? ""}${path}`, {
    method: "POST",
    ...given,
  });
  return response.status;
}

export async function kept(): Promise<{ state: string; data: Buffer | null }[]> {
  const { rows } = await database.pool.query<{ state: string; data: Buffer | null }>(
    `SELECT state, data FROM "VendorCallback" ORDER BY "receivedAt"`,
  );
  return rows;
}

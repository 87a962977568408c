// "Exactly what was sent", as the page of an order shows it before anybody asks for personal data.
import { beforeAll, expect, test } from "vitest";
import { anAddress, anOrder } from "#test/support/builders.ts";
import { pagesDatabase } from "./pages-database.ts";

const database = pagesDatabase();
const shop = "demo.myshopify.com";

async function load() {
  return {
    ...(await import("#test/orders/rows.ts")),
    ...(await import("#app/crypto.server.ts")),
    ...(await import("#app/ui/evidence.server.ts")),
  };
}
let app: Awaited<ReturnType<typeof load>>;

beforeAll(async () => {
  app = await load();
});

test("a phone typed with brackets and spaces is hidden in a body that was cut off and in a vendor's complaint", async () => {
  const connection = await app.aConnection(database.pool);
  const { orderId, vendorOrderId } = await app.aPartRow(database.pool, connection);
  const facts = anOrder({
    shippingAddress: anAddress({ phone: "+65 (8123) 45-67", address1: "1  Main St" }),
  });
  await database.pool.query(`UPDATE "Order" SET facts = $2 WHERE id = $1`, [
    orderId,
    app.sealJson(facts, { table: "Order", column: "facts", shop, row: orderId }),
  ]);
  const attempt = crypto.randomUUID();
  const exchange = {
    kind: "commit",
    method: "POST",
    request: '{"note":"+6581234567","where":"1 Main St","again":"+658123',
    response: '{"error":"6581234567 is no mobile number"}',
  };
  await database.pool.query(
    `INSERT INTO "Attempt" (id, shop, "vendorOrderId", number, kind, exchanges) VALUES ($1, $2, $3, 1, 'submit', $4)`,
    [
      attempt,
      shop,
      vendorOrderId,
      app.sealJson([exchange], { table: "Attempt", column: "exchanges", shop, row: attempt }),
    ],
  );
  const asked = { shop, vendorOrderId, user: "1" };

  const hidden = await app.readEvidence({ ...asked, personal: false });
  const shown = await app.readEvidence({ ...asked, personal: true });

  expect(hidden).toMatchObject({
    exchanges: [
      {
        request: '{"note":"•••","where":"•••","again":"•••',
        response: JSON.stringify({ error: "••• is no mobile number" }, null, 2),
      },
    ],
  });
  expect(shown).toMatchObject({ exchanges: [{ request: exchange.request }] });
});

// With a million orders no statement of the road may read a table whole: for each that is asked on the way of an order,
// PostgreSQL is asked how it would go about it.
import { expect, test } from "vitest";
import { inTransaction, type Db, type Sql } from "#app/db.server.ts";
import { catchUp } from "#app/orders/catch-up.ts";
import { cancelAtVendor, giveUp, itExists, sendNow, tryAgain } from "#app/orders/decision.server.ts";
import { keepNews, lookNow } from "#app/orders/news.server.ts";
import { exportCustomer, redactCustomer, sweepPersonalData } from "#app/privacy.server.ts";
import { wakeDueSteps } from "#app/sweep.server.ts";
import { drain } from "#test/support/road.ts";
import { aTown, kitSku, printSku } from "#test/support/town.ts";

const town = aTown();
const growing =
  /Seq Scan on "?(Order|OrderLine|VendorOrder|Attempt|Shipment|TimelineEntry|WebhookEvent|VendorCallback|OrderPicture)\b/;

/** The same database, but each statement is explained first; `whole` are those for which no index is of use. */
function explained(db: Db): { db: Db; asked: Set<string>; whole: Set<string> } {
  const asked = new Set<string>();
  const whole = new Set<string>();
  const explain = async (sql: Sql, text: string, values?: unknown[]): Promise<void> => {
    if (asked.has(text) || !/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)/.test(text)) return;
    asked.add(text);
    const { rows } = await sql.query<{ "QUERY PLAN": string }>(`EXPLAIN ${text}`, values);
    if (growing.test(rows.map((row) => row["QUERY PLAN"]).join("\n"))) whole.add(text.trim());
  };
  const connect: Db["connect"] = async () => {
    const client = await db.connect();
    // On tables of a few rows reading them whole is always cheapest.
    await client.query("SET enable_seqscan = off");
    return new Proxy(client, {
      get: (target, name) =>
        name === "query"
          ? async (text: string, values?: unknown[]) => {
              await explain(target, text, values);
              return target.query(text, values);
            }
          : name === "release"
            ? (broken?: Error) => target.release(broken ?? true)
            : (Reflect.get(target, name) as unknown),
    });
  };
  const query: Sql["query"] = async (text, values) => {
    const client = await connect();
    try {
      return await client.query(text, values);
    } finally {
      client.release();
    }
  };
  return { db: { connect, query }, asked, whole };
}

test("no statement on an order's way reads a growing table whole", async () => {
  await town.connect("dot", { holdMinutes: 30 });
  const connectionId = await town.connect("oms");
  const { db, asked, whole } = explained(town.world.db);
  const world = { ...town.world, db };
  const { shop } = town.shopify;

  const order = await town.shopify.checkout({ lines: [town.line(kitSku), town.line(printSku)] });
  await town.shopify.settled();
  await drain(world);
  for (const { id } of await town.parts(order.id)) {
    const at = { shop, vendorOrderId: id };
    for (const decide of [sendNow, tryAgain, itExists, cancelAtVendor, giveUp]) await decide(world, at);
  }
  await town.shopify.cancelOrder(order.id);
  await town.shopify.settled();
  await drain(world);
  const { rows } = await db.query<{ id: string; accountId: string; shop: string }>(
    `SELECT id, "accountId", shop FROM "Connection" WHERE id = $1`,
    [connectionId],
  );
  for (const receiver of rows) {
    await keepNews(db, receiver, { id: "e-1", about: { number: "N-1", lineId: "1" }, data: {} });
    await lookNow(db, receiver, { reference: "M-1" });
  }
  await drain(world);
  await wakeDueSteps(world);
  await town.database.later("15 minutes");
  await catchUp(world);
  const person = { shop, customer: { email: "nobody@example.com" }, orderIds: [order.id] };
  await inTransaction(db, (sql) => exportCustomer(sql, person));
  await inTransaction(db, (sql) => redactCustomer(sql, person));
  await sweepPersonalData(db);

  expect(asked.size).toBeGreaterThan(40);
  expect([...whole]).toEqual([]);
});

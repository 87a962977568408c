// A person takes a line out of the cart through which orders are bought: never while an order uses it.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { routing } from "#app/orders/routing.ts";
import { submission } from "#app/orders/submission.ts";
import { runTool, type ToolOutcome } from "#app/vendors/tools.server.ts";
import type { World } from "#app/world.server.ts";
import { startDora } from "#sandbox/vendors/dora.ts";
import { aLine, anOrder, properties } from "#test/support/builders.ts";
import { testDatabase } from "#test/support/database.ts";
import {
  aConnection,
  aMapping,
  aShop,
  aWorld,
  drain,
  hostOf,
  partsOf,
  shop,
  takeIn,
} from "#test/support/road.ts";
import { aRing } from "./rings.ts";

const database = testDatabase();
let dora: Awaited<ReturnType<typeof startDora>>;
let world: ReturnType<typeof aWorld>;
let connectionId = "";

beforeAll(async () => {
  dora = await startDora();
  world = aWorld(database.pool, [hostOf(dora.url)]);
});
afterAll(async () => {
  await world.close();
  await dora.stop();
});
beforeEach(async () => {
  dora.reset();
  await aShop(database.pool);
  const settings = { baseUrl: dora.url, username: "dealer", password: "dora_demo" };
  connectionId = await aConnection(database.pool, { vendor: "dora", settings });
  await aMapping(database.pool, { variantId: "9001", connectionId, product: aRing() });
});

async function anOrderIn(): Promise<string> {
  const line = aLine({ quantity: 1, properties: properties({ "Ring size": "56" }) });
  const order = await takeIn(database.pool, anOrder({ lines: [line] }));
  await routing(world);
  return order;
}

function takeOut(itemKey: string, within: World = world): Promise<ToolOutcome> {
  const form = new FormData();
  form.set("itemKey", itemKey);
  const run = { shop, connectionId, toolId: "cart-remove", form, orderIds: [], productIds: [] };
  return runTool(within, run);
}

const deletes = () => dora.requests().filter(({ method }) => method === "DELETE").length;

test("while an order is being sent nothing is taken out, and the order is bought whole", async () => {
  const order = await anOrderIn();
  let outcome: ToolOutcome | undefined;
  const meeting: World = {
    ...world,
    http: async (request, fresh) => {
      const reply = await world.http(request, fresh);
      // The ring lies in the cart and is not bought yet.
      if (request.method === "PUT") outcome = await takeOut("any");
      return reply;
    },
  };

  await Promise.all(await submission(meeting, 5));

  expect(outcome).toEqual({ refused: expect.stringMatching(/^M-1001-a\S* is using this account/) });
  expect(deletes()).toBe(0);
  expect(await partsOf(database.pool, order)).toMatchObject([{ status: "sent" }]);
});

test("an order that left its ring in the cart and will go on with it keeps it", async () => {
  await anOrderIn();
  dora.fault({ on: "POST /cart", kind: "too-many" });
  await Promise.all(await submission(world, 5));
  await database.later("3 minutes");

  expect(await takeOut("any")).toHaveProperty("refused");

  await drain(world);
  expect(dora.ledger()).toHaveLength(1);
});

test("while a line is taken out no order begins, and the next look finds it and sends it", async () => {
  const order = await anOrderIn();
  let begun = -1;
  const meeting: World = {
    ...world,
    http: async (request, fresh) => {
      if (request.method === "GET" && begun < 0) begun = (await submission(world, 5)).length;
      return world.http(request, fresh);
    },
  };

  expect(await takeOut("no-such-key", meeting)).toMatchObject({
    result: { sentence: "The cart is empty, so there is nothing to take out." },
  });

  expect(begun).toBe(0);
  await drain(world);
  expect(await partsOf(database.pool, order)).toMatchObject([{ status: "sent" }]);
});

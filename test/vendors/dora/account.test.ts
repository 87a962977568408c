// What a merchant can ask about the login itself, also while the login does not work.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runTool, type ToolOutcome } from "#app/vendors/tools.server.ts";
import { startDora, type DoraStandIn } from "#sandbox/vendors/dora.ts";
import { testDatabase } from "#test/support/database.ts";
import { aConnection, aShop, aWorld, hostOf, shop } from "#test/support/road.ts";

const database = testDatabase();
let dora: DoraStandIn;
let world: ReturnType<typeof aWorld>;

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
});

/** A connection to Dora, and the way to run its tools. */
async function aDealer(login: { username: string; password: string }) {
  const settings = { baseUrl: dora.url, ...login };
  const connectionId = await aConnection(database.pool, { vendor: "dora", settings });
  return (toolId: string): Promise<ToolOutcome> =>
    runTool(world, { shop, connectionId, toolId, form: new FormData(), orderIds: [], productIds: [] });
}

const paths = () => dora.requests().map(({ path }) => path);

test("a new password can be asked for with a wrong password in the settings", async () => {
  const run = await aDealer({ username: "dealer", password: "forgotten" });

  expect(await run("reset-password")).toMatchObject({
    result: { sentence: "Dora sends an e-mail with a link to choose a new password for “dealer”." },
  });

  expect(paths()).toEqual(["/auth/reset_password"]);
  const { rows } = await database.pool.query<{ status: string }>(`SELECT status FROM "Connection"`);
  expect(rows).toEqual([{ status: "on" }]);
});

test("a session that still lives goes along, and one that Dora ended early keeps no new password back", async () => {
  const run = await aDealer({ username: "dealer", password: "dora_demo" });
  const sent = () => dora.requests().map(({ path, headers }) => [path, "authorization" in headers]);
  await run("cart");
  await run("reset-password");
  expect(sent().at(-1)).toEqual(["/auth/reset_password", true]);

  dora.fault({ on: "POST /auth/reset_password", kind: "revoked-key", times: 1 });
  expect(await run("reset-password")).toHaveProperty("result");
  expect(sent().slice(-2)).toEqual([
    ["/auth/reset_password", true],
    ["/auth/reset_password", false],
  ]);
});

test("a login that may look but not buy is told of, with a warning that it cannot send orders", async () => {
  const run = await aDealer({ username: "browse", password: "dora_demo" });

  expect(await run("who-am-i")).toMatchObject({
    result: {
      sentence: "browse is a login of Demo Jeweller.",
      warnings: [expect.stringContaining("may look but not buy")],
    },
  });
});

test("whose login it is cannot be told with a wrong password, and the reason is said", async () => {
  const run = await aDealer({ username: "dealer", password: "forgotten" });

  expect(await run("who-am-i")).toEqual({
    refused: expect.stringContaining("does not accept this user name and password"),
  });
});

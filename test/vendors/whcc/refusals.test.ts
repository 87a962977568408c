// Whom WHCC's no is about: one order, whose design and account a shopper may have written, or the keys that all orders share.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { routing } from "#app/orders/routing.ts";
import type { Http } from "#app/vendors/http.server.ts";
import { aLine, anOrder } from "#test/support/builders.ts";
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
import {
  aLineOf,
  anAttempt,
  failing,
  inMinnesota,
  send,
  settings,
  startThere,
  useTool,
  type Given,
  type There,
} from "./support.ts";

const exportRoute = "PUT /api/v1/oas/editors/export";
const tokenPath = "/auth/access-token";

let there: There;
beforeAll(async () => {
  there = await startThere();
});
afterAll(() => there.stop());
beforeEach(() => there.standIn.reset());

const attempt = (given: Given = {}, http: Http = there.http) =>
  anAttempt({ standIn: there.standIn, http }, given);
const times = (path: string): number =>
  there.standIn.requests().filter((request) => request.path.split("?")[0]?.endsWith(path)).length;

/** The way to WHCC, where one address answers with this status and body. */
function answering(path: string, status: number, body: unknown): Http {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return async (request, fresh) =>
    new URL(request.url).pathname.endsWith(path)
      ? { status, headers: {}, bytes: new TextEncoder().encode(text) }
      : there.http(request, fresh);
}

describe("a design", () => {
  const database = testDatabase();

  test("a design of another account holds its order and leaves the connection on", async () => {
    const world = aWorld(database.pool, [hostOf(there.standIn.url)]);
    await aShop(database.pool);
    const url = there.standIn.url;
    const connectionId = await aConnection(database.pool, {
      vendor: "whcc",
      settings: settings({ baseUrl: url, submitBaseUrl: url }),
    });
    await aMapping(database.pool, { variantId: "9001", connectionId, product: { productUids: "186" } });
    const place = (id: string, editorId: string): Promise<string> => {
      const lines = [aLine({ id: `7${id}`, properties: aLineOf(editorId).properties })];
      return takeIn(database.pool, anOrder({ id, name: `#${id}`, lines, shippingAddress: inMinnesota() }));
    };
    const forged = await place("1001", "demoOtherShopper");
    const honest = await place("1002", "demoPhotoBlock");

    await routing(world);
    await drain(world);
    await world.close();

    expect(await partsOf(database.pool, forged)).toMatchObject([
      { status: "held", code: "rejected", sentence: expect.stringContaining("does not belong") as string },
    ]);
    expect(await partsOf(database.pool, honest)).toMatchObject([{ status: "sent" }]);
    const { rows } = await database.pool.query(`SELECT status FROM "Connection" WHERE shop = $1`, [shop]);
    expect(rows).toEqual([{ status: "on" }]);
  });

  test.each<[string, number, unknown, string]>([
    ["a 403 without a number", 403, { message: "Forbidden" }, "rejected"],
    ["a 403 that is a web page", 403, "<h1>Forbidden</h1>", "rejected"],
    ["a 403 with the number 403", 403, { ErrorNumber: "403", Message: "Not yours" }, "rejected"],
    ["a 401 with the number 403", 401, { ErrorNumber: "403", Message: "Not yours" }, "rejected"],
    ["a 403 that names the keys", 403, { ErrorNumber: "403.04", Message: "Secret" }, "connection"],
    ["a 401 that names the keys", 401, { ErrorNumber: "403.02", Message: "Key" }, "connection"],
    ["a 401 without a number", 401, { message: "Unauthorized" }, "connection"],
    ["a 401 that is a web page", 401, "<h1>Unauthorized</h1>", "connection"],
  ])("%s about a design is read by what it says", async (_name, status, body, problem) => {
    const error = await failing(send(attempt({}, answering("/export", status, body))));

    expect(error).toMatchObject({ problem, status });
  });

  test.each(["look-at-design", "open-design", "read-design", "copy-design"])(
    "the tool %s with a mistyped account leaves the connection on",
    async (tool) => {
      const input = { editorId: "demoPhotoBlock", accountId: "dmeo-shopper" };

      const error = await failing(useTool(there, tool, { input }));

      expect(error).toMatchObject({ problem: "rejected" });
      expect(error.message).toContain("does not belong");
    },
  );
});

describe("a token that ended early", () => {
  test.each([
    ["editor", exportRoute, tokenPath],
    ["editor", "POST /api/v1/oas/orders/create", tokenPath],
    ["submit", "POST /api/OrderImport", "/AccessToken"],
  ])("a 403.01 is tried again with a new token (%s, %s)", async (placing, on, login) => {
    there.standIn.fault({ on, kind: "revoked-key", times: 1 });

    const receipt = await send(attempt({ settings: { placing } }));

    expect(there.standIn.ledger().map(({ number }) => number)).toEqual([receipt.number]);
    expect(times(login)).toBe(2);
    expect(times(on.split(" ")[1] ?? "")).toBe(2);
  });

  test("a new token is asked for once; then the order waits for its next try, and the connection stays on", async () => {
    there.standIn.fault({ on: exportRoute, kind: "revoked-key" });

    expect(await failing(send(attempt()))).toMatchObject({ problem: "retry" });
    expect([times(tokenPath), times("/export")]).toEqual([2, 2]);
  });

  test("a confirmation that met an old token is repeated by the next try, and there is one order", async () => {
    const one = attempt();
    there.standIn.fault({ on: "POST /api/v1/oas/orders/*/confirm", kind: "revoked-key", times: 1 });

    expect(await failing(send(one))).toMatchObject({ problem: "retry" });
    const receipt = await send(one);

    expect(there.standIn.ledger().map(({ number }) => number)).toEqual([receipt.number]);
    expect(times("/oas/orders/create")).toBe(1);
  });
});

describe("a login", () => {
  const refused = { message: "claims.accountId: Not a valid account." };

  test("an account that only an order names holds that order when the key is good, with its name in the sentence", async () => {
    const refusing = answering(tokenPath, 400, refused);
    const http: Http = (request, fresh) =>
      JSON.stringify(request.json ?? {}).includes("demo-shopper")
        ? refusing(request, fresh)
        : there.http(request, fresh);

    const error = await failing(send(attempt({}, http)));

    expect(error).toMatchObject({ problem: "rejected" });
    expect(error.message).toContain("“demo-shopper” as an account: claims.accountId: Not a valid account.");
    // Once for our own account, which was let in.
    expect(times(tokenPath)).toBe(1);
  });

  test("a key that is refused with a 400 pauses the connection, whoever's account the order names", async () => {
    const error = await failing(
      send(attempt({}, answering(tokenPath, 400, { message: "Invalid request." }))),
    );

    expect(error).toMatchObject({ problem: "connection" });
    expect(error.message).toContain("does not accept the Editor API key: Invalid request.");
  });

  test("the merchant's own account is a setting: refused, it pauses the connection", async () => {
    const http = answering(tokenPath, 400, refused);
    const error = await failing(send(attempt({ settings: { accountId: "demo-shopper" } }, http)));

    expect(error).toMatchObject({ problem: "connection" });
  });

  test.each([
    [400, { ErrorNumber: "403.02", Message: "Key" }],
    [401, { message: "Unauthorized" }],
    [403, { ErrorNumber: "403", Message: "No" }],
  ])("keys that are not accepted pause the connection, whatever the account (%i)", async (status, body) => {
    const error = await failing(send(attempt({}, answering(tokenPath, status, body))));

    expect(error).toMatchObject({ problem: "connection" });
    expect(error.message).toContain("does not accept the Editor API key");
  });

  test.each([
    ["baseUrl", "editor"],
    ["submitBaseUrl", "submit"],
  ])("an address without WHCC behind it is a setting (%s)", async (key, placing) => {
    const url = `${there.standIn.url}/nothing`;

    const error = await failing(send(attempt({ settings: { placing, [key]: url } })));

    expect(error).toMatchObject({ problem: "connection" });
    expect(error.message).toContain(`There is no WHCC API at this address: ${url}/api`);
  });
});

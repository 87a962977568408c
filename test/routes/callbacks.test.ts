// A vendor's callback through its own address: really signed, over a real socket, kept in a real database.
import { describe, expect, test } from "vitest";
import {
  database,
  whcc,
  db,
  app,
  aWorld,
  connected,
  atWhcc,
  accepted,
  tell,
  post,
  kept,
} from "./callback-scene.ts";

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
  test("W18 WHCC asks back at once whether the address is ours, and is answered", async () => {
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

  test("W18 a handshake that nobody asked for, or that comes hours later, is not answered", async () => {
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

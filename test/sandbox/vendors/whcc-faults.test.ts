// The WHCC stand-in misbehaving: every documented route on both APIs, and what it leaves behind.
import { afterEach, beforeEach, expect, test } from "vitest";
import { startWhcc, type WhccStandIn } from "#sandbox/vendors/whcc.ts";
import { at, clientOf } from "./client.ts";
import { editorClient, orderOf, submitClient, type Ask } from "./whcc-account.ts";

let whcc: WhccStandIn;
let ask: Ask;

beforeEach(async () => {
  whcc = await startWhcc();
  ask = await editorClient(whcc);
});
afterEach(() => whcc.stop());

const create = (body: unknown) => ask("POST", "/api/v1/oas/orders/create", body);
const confirm = (id: unknown) => ask("POST", `/api/v1/oas/orders/${String(id)}/confirm`);

test("every documented route can be made to fail, once, without effect", async () => {
  for (const { method, path } of whcc.routes()) {
    whcc.fault({ kind: "error-not-done", on: `${method} ${path}` });
    const failed = await ask(method, path.replaceAll("*", "demoPhotoBlock"));
    expect([method, path, failed.status]).toEqual([method, path, 500]);
    expect((await ask(method, path.replaceAll("*", "demoPhotoBlock"))).status).not.toBe(500);
  }
  expect(whcc.routes().length).toBeGreaterThan(18);
  expect(whcc.ledger()).toEqual([]);
});

test("a reply that was lost after the confirmation leaves one order, and a repeat says so", async () => {
  const quote = await create(await orderOf(ask));
  const id = at(quote.body, "ConfirmationID");
  whcc.fault({ kind: "error-done", on: "POST /api/v1/oas/orders/*/confirm" });

  expect((await confirm(id)).status).toBe(500);
  expect((await confirm(id)).body).toMatchObject({ ErrorNumber: "412.04" });
  expect(whcc.ledger()).toHaveLength(1);
});

test("its key can be revoked on either API, each saying it in its own way", async () => {
  const submit = await submitClient(whcc);
  whcc.fault({ kind: "revoked-key" });

  expect(await create({})).toMatchObject({ status: 401, body: { ErrorNumber: "403.01" } });
  expect(await submit("GET", "/api/catalog")).toMatchObject({ status: 200, body: { ErrorNumber: "403.01" } });
  expect((await clientOf(whcc, undefined)("GET", "/api/AccessToken")).body).toMatchObject({
    ErrorNumber: "403.03",
  });
});

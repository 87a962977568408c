// A vendor's tool from its form to its result: what is read, what is chosen, what is remembered.
import { beforeEach, expect, test } from "vitest";
import { recall, remember, take } from "#app/connections/memory.server.ts";
import { readFormWithFiles, defineFields } from "#app/vendors/fields.ts";
import { runTool, type ToolRun } from "#app/vendors/tools.server.ts";
import { anOmsShop, aPrint } from "./at-vendor.ts";
import { aForm, row, shop } from "./rows.ts";

const here = anOmsShop();

const run = (toolId: string, given: Partial<ToolRun> = {}) =>
  runTool(here.world, {
    shop,
    connectionId: here.connectionId(),
    toolId,
    form: aForm({}),
    orderIds: [],
    productIds: [],
    ...given,
  });

let sent: Awaited<ReturnType<typeof here.order>>;
beforeEach(async () => {
  sent = await here.order();
});

test("a tool works on the chosen orders that this vendor has, and says which are left out", async () => {
  const answer = await run("look-up-orders", {
    orderIds: [sent.orderId, "00000000-0000-4000-8000-000000000000"],
  });
  if (!("result" in answer)) throw new Error(JSON.stringify(answer));
  expect(answer.result.warnings?.[0]).toContain("1 of the chosen orders is not at");
  expect(JSON.stringify(answer.result)).toContain("#1001");
});

test("a part is chosen by its own id as well", async () => {
  expect(await run("look-up-orders", { orderIds: [sent.at.vendorOrderId] })).toHaveProperty("result");
});

test("orders of another shop, of another account or never sent are not worked on", async () => {
  const asked = here.oms.requests().length;
  await here.database.pool.query(`UPDATE "Connection" SET "holdMinutes" = 60`);
  const waiting = await here.order({ id: "5551234567899", lines: [aPrint({ id: "14009" })] });
  expect(await run("look-up-orders", { orderIds: [waiting.orderId] })).toHaveProperty("refused");
  expect(await run("look-up-orders", { orderIds: [] })).toHaveProperty("refused");
  expect(
    await run("look-up-orders", { shop: "other.myshopify.com", orderIds: [sent.orderId] }),
  ).toHaveProperty("refused");
  expect(here.oms.requests()).toHaveLength(asked);
});

test("wrong inputs are said beside their fields, before the vendor is asked", async () => {
  const asked = here.oms.requests().length;
  const answer = await run("batch-orders", { orderIds: [sent.orderId] });
  expect(answer).toHaveProperty("errors");
  expect(here.oms.requests()).toHaveLength(asked);
  expect(await run("there-is-no-such-tool")).toHaveProperty("refused");
});

test("a tool that changes something runs once at a time, so that a double click is not two", async () => {
  const batch = () =>
    run("batch-orders", {
      orderIds: [sent.orderId],
      form: aForm({ templates: "TEMPLATE_UID_1" }),
    });
  const lock = { shop, connectionId: here.connectionId(), name: "app:running batch-orders" };
  expect(await take(here.world.db, { ...lock, value: "", minutes: 15 })).toBe(true);
  const answer = await batch();
  if ("errors" in answer) throw new Error(JSON.stringify(answer.errors));
  expect(answer).toMatchObject({ refused: expect.stringContaining("at this moment") });
  expect(here.oms.batches()).toHaveLength(0);

  // A process that died in the middle is not waited for all day.
  await here.database.later("16 minutes");
  expect(await batch()).toHaveProperty("result");
  expect(here.oms.batches()).toHaveLength(1);
  expect(await recall(here.world.db, lock)).toBeUndefined();
});

test("a key that is not accepted makes the connection failing, and the tool says so", async () => {
  here.oms.fault({ kind: "revoked-key" });
  expect(await run("look-up-orders", { orderIds: [sent.orderId] })).toHaveProperty("refused");
  expect(await row(here.database.pool, "Connection", here.connectionId())).toMatchObject({
    status: "failing",
  });
});

test("what a tool remembers is sealed, the newest counts, and another shop's memory is not touched", async () => {
  const at = { shop, connectionId: here.connectionId(), name: "tool:product:1" };
  await remember(here.world.db, { ...at, value: "sending" });
  await remember(here.world.db, { ...at, value: "P-1" });
  expect((await recall(here.world.db, at))?.value).toBe("P-1");
  const theirs = { ...at, shop: "other.myshopify.com" };
  expect(await recall(here.world.db, theirs)).toBeUndefined();
  await remember(here.world.db, { ...theirs, value: "stolen" });
  expect((await recall(here.world.db, at))?.value).toBe("P-1");
  const { rows } = await here.database.pool.query<{ value: Buffer }>(`SELECT value FROM "VendorMemory"`);
  expect(rows[0]?.value.toString("latin1")).not.toContain("P-1");
});

test("files are read with their form, and one that is too large is refused without being read", async () => {
  const fields = defineFields([
    { key: "title", kind: "text", label: "Title" },
    { key: "photo", kind: "file", label: "Photo", accept: "image/png", maxBytes: 10 },
    {
      key: "more",
      kind: "list",
      label: "More",
      required: false,
      fields: [{ key: "file", kind: "file", label: "File", accept: "*/*", maxBytes: 10 }],
    },
  ]);
  const form = aForm({ title: "A" });
  form.append("photo", new File(["12345"], "a.png", { type: "image/png" }));
  form.append("more.0.file", new File(["6"], "b.txt", { type: "text/plain" }));
  const read = await readFormWithFiles(fields, form);
  expect(read).toMatchObject({
    values: {
      title: "A",
      photo: { filename: "a.png", contentType: "image/png", bytes: new TextEncoder().encode("12345") },
      more: [{ file: { filename: "b.txt" } }],
    },
  });
  form.set("photo", new File(["12345678901"], "a.png"));
  expect(await readFormWithFiles(fields, form)).toEqual({ errors: { photo: "Photo is too large." } });
  expect(await readFormWithFiles(fields, aForm({ title: "A" }))).toEqual({
    errors: { photo: "Photo is missing." },
  });
});

// Batches: items of several orders in one print file, and never twice by accident.
import { expect, test } from "vitest";
import { anAttempt, failing, standIn } from "./stand-in.ts";
import { aDesignLine, orders, payloadOf } from "./support.ts";
import { aSentOrder, useTool, type Memory } from "./tool.ts";

const input = { templates: "TEMPLATE_UID_1, TEMPLATE_UID_2" };
const create = "POST /api/v1/batch-orders";

test("O23 a batch names the items of several orders by their OMS uids", async () => {
  const first = await aSentOrder();
  const other = { ...(await aSentOrder({ payload: payloadOf({ lines: [aDesignLine({ id: "15001" })] }) })) };

  const result = await useTool("batch-orders", { input, orders: [first, { ...other, name: "#1002" }] });

  const uids = standIn.ledger().flatMap(({ lines }) => lines.map(({ detail }) => detail["uid"]));
  expect(standIn.batches()).toEqual([
    { uid: expect.any(String), items: uids, templates: ["TEMPLATE_UID_1", "TEMPLATE_UID_2"] },
  ]);
  expect(result.sentence).toBe("3 items of 2 orders went into one batch.");
  expect(result.facts).toEqual([
    ["Batch", standIn.batches()[0]?.uid],
    ["State", "Batching"],
  ]);
  expect(result.table?.rows[2]).toEqual(["#1002", "15001", uids[2]]);
});

test("O23 only the chosen items go into it, and an item the orders do not have is named", async () => {
  const order = await aSentOrder();

  await useTool("batch-orders", { input: { ...input, items: "14002" }, orders: [order] });
  const strange = useTool("batch-orders", { input: { ...input, items: "14002 99" }, orders: [order] });

  expect((await failing(strange)).message).toBe("The chosen orders have no item 99. Nothing was sent.");
  expect(standIn.batches().map(({ items }) => items)).toEqual([[order.notes["item:14002"]]]);
});

test("O23 uids that were not in the answer are asked for by the order's number", async () => {
  const order = await aSentOrder();

  await useTool("batch-orders", { input, orders: [{ ...order, notes: {} }] });

  expect(standIn.batches()[0]?.items).toEqual([order.notes["item:14001"], order.notes["item:14002"]]);
});

test("O23 an item whose uid was lost cannot be batched, which is said before anything is sent", async () => {
  const { number: _lost, ...order } = await aSentOrder();

  const error = await failing(useTool("batch-orders", { input, orders: [{ ...order, notes: {} }] }));

  expect(error.problem).toBe("rejected");
  expect(error.message).toBe(
    "The OMS's own number of item 14001 of #1001 is not known, because it was lost with the answer, so it cannot be put in a batch from here. Put it in a batch in the OMS, or choose the others without it. Nothing was sent.",
  );
  expect(standIn.batches()).toHaveLength(0);
});

test("an item is not put in a second batch unless the merchant says so", async () => {
  const order = await aSentOrder();
  const memory: Memory = new Map();
  await useTool("batch-orders", { input, orders: [order] }, memory);

  const error = await failing(useTool("batch-orders", { input, orders: [order] }, memory));
  await useTool("batch-orders", { input: { ...input, again: true }, orders: [order] }, memory);

  expect(error.message).toMatch(/^Item 14001 of #1001 is in batch \S+ already\./);
  expect(standIn.batches()).toHaveLength(2);
});

test("a batch whose answer was lost is not made again blindly", async () => {
  const order = await aSentOrder();
  const memory: Memory = new Map();
  standIn.fault({ on: create, kind: "error-done" });

  const lost = await failing(useTool("batch-orders", { input, orders: [order] }, memory));
  const later = await failing(useTool("batch-orders", { input, orders: [order] }, memory));

  expect(lost.problem).toBe("unsure");
  for (const { message } of [lost, later])
    expect(message).toMatch(
      /^The OMS was asked to make a batch of item 14001 of #1001.*Look at the batches in the OMS/,
    );
  expect(standIn.batches()).toHaveLength(1);
});

test("a batch that was clearly refused may be tried again", async () => {
  const order = await aSentOrder();
  const memory: Memory = new Map();

  const no = useTool("batch-orders", { input: { templates: "NONE" }, orders: [order] }, memory);
  expect((await failing(no)).message).toContain("print_templates.0");
  standIn.fault({ on: create, kind: "too-many" });
  expect((await failing(useTool("batch-orders", { input, orders: [order] }, memory))).problem).toBe("retry");
  await useTool("batch-orders", { input, orders: [order] }, memory);

  expect(standIn.batches()).toHaveLength(1);
});

test("without an order, or without a template, nothing is sent", async () => {
  const order = await aSentOrder();

  expect((await failing(useTool("batch-orders", { input }))).message).toBe("Choose at least one order.");
  const none = useTool("batch-orders", { input: { templates: " , " }, orders: [order] });
  expect((await failing(none)).message).toContain("at least one print template");
  expect(standIn.batches()).toHaveLength(0);
});

test("the print files of orders are shown with their links, and what could not be made is named", async () => {
  const order = await aSentOrder();
  standIn.setPrint("14001", "ready");
  standIn.setPrint("14002", "processingfailed");

  const result = await useTool("print-files", { orders: [order] });

  expect(result.sentence).toBe("1 of 2 print files ready.");
  expect(result.table?.rows).toEqual([
    ["#1001", "14001", "Ready", { text: "Open", href: expect.stringMatching(/14001\.pdf$/) }],
    ["#1001", "14002", "Could not be made", ""],
  ]);
  expect(result.warnings).toEqual([expect.stringContaining("item 14002 of #1001")]);
});

test("a print file that is ready without a link is named", async () => {
  const order = await aSentOrder();
  standIn.setPrint("14001", "ready", null);

  const result = await useTool("print-files", { orders: [order] });

  expect(result.table?.rows[0]).toEqual(["#1001", "14001", "Being made", ""]);
  expect(result.warnings?.[0]).toMatch(/^Item 14001 of #1001: .*gives no link to it/);
});

test("orders are looked up, also one that was deleted and one whose number was lost", async () => {
  const order = await aSentOrder();
  const gone = await aSentOrder({ payload: payloadOf({ lines: [aDesignLine({ id: "15001" })] }) });
  const { mine, calls } = anAttempt();
  await orders().changing.cancel?.(gone, mine, calls);
  const { number: _lost, ...lost } = order;

  const result = await useTool("look-up-orders", { orders: [order, gone, lost] });

  expect(result.sentence).toBe("The OMS has 1 of 3 orders.");
  expect(result.table?.rows.map((row) => row.slice(1))).toEqual([
    [order.number, "Yes", 2],
    [gone.number, "No", ""],
    ["lost with the answer", "Look for it in the OMS", ""],
  ]);
});

// The tools of MGE DOT as the admin runs them, and how an order is followed.
import { expect, test } from "vitest";
import { dot } from "#app/vendors/dot/index.ts";
import type { ToolCalls, ToolResult } from "#app/vendors/vendor.ts";
import { tinyPng } from "#sandbox/vendors/pictures.ts";
import {
  baseSettings,
  host,
  kit,
  orders,
  payloadOf,
  problemOf,
  sku,
  wireTo,
  world,
  type World,
} from "./world.ts";
import { memoryCalls } from "#test/vendors/calls.ts";

type ToolOrder = ToolCalls["orders"][number];

interface Given {
  input?: Record<string, unknown>;
  orders?: ToolOrder[];
}

/** Runs tools of one connection one after the other: what they keep stays. */
function tools(mge: World): (id: string, given?: Given) => Promise<ToolResult> {
  const memory = new Map<string, string>();
  return async (id, given = {}) => {
    const tool = dot.tools.find((one) => one.id === id);
    if (!tool) throw new Error(`there is no tool ${id}`);
    const { ask, now } = mge.calls();
    return tool.run(given.input ?? {}, mge.settings, {
      ask,
      now,
      token: "",
      orders: given.orders ?? [],
      products: [],
      kept: async (name) => memory.get(name),
      keep: async (name, value) => void memory.set(name, value),
    });
  };
}

/** An order that MGE has, as the admin hands it to a tool. */
async function aSentOrder(mge: World): Promise<ToolOrder> {
  const payload = payloadOf([kit({ _dot_asset_url: `${mge.photos.url}/p.jpg` })]);
  const calls = mge.calls();
  const { number } = await orders().submit(payload, mge.settings, calls);
  return { name: "#1001", payload, number, notes: calls.notes, reference: calls.reference };
}

const factOf = (result: ToolResult, name: string) => result.facts?.find(([label]) => label === name)?.[1];

test("the brands are listed with the one this connection orders for", async () => {
  const mge = await world();
  const { sentence, table, warnings } = await tools(mge)("brands");

  expect(sentence).toBe("1 brand.");
  expect(table?.rows).toEqual([
    [116, "Makerlane Demo", "MKL", "brand@example.com", "EUR", "owner (default)", "This connection"],
  ]);
  expect(warnings).toBeUndefined();
});

test("a brand that is not the account's is said to be wrong", async () => {
  const mge = await world({ brandId: 7 });

  expect((await tools(mge)("brands")).warnings?.[0]).toContain("Brand 7");
  expect((await problemOf(() => dot.test(mge.settings, mge.calls()))).message).toContain(
    "116 (Makerlane Demo)",
  );
});

test("the connection test names the other brands of the key", async () => {
  const rows = [
    { brand_id: 116, brand_name: "Ours" },
    { brand_id: 117, brand_name: "Theirs" },
    { brand_id: "x" },
  ];
  const mge = await host({ "GET /api/v1/account/brands/": { json: { results: rows } } });
  const settings = { ...baseSettings, baseUrl: mge.url };
  const calls = memoryCalls({ vendor: dot, settings, http: wireTo(mge.url) });

  expect(await dot.test(settings, calls)).toBe("Connected to MGE as Ours. The key also knows 117 (Theirs).");
});

test("the kits are listed with their SKUs, and searched by words", async () => {
  const run = tools(await world());
  const all = await run("kits");
  const some = await run("kits", { input: { search: "40x50 black std" } });

  expect([all.sentence, all.table?.rows.length]).toEqual(["41 kits.", 41]);
  expect(factOf(all, "Example")).toBe(sku);
  expect(some.table?.rows).toEqual([[sku, "VF", "40 × 50 cm", "With frame", "black", "STD", "30.90"]]);
  expect((await run("kits", { input: { search: "gold" } })).sentence).toContain("None of the 41 kits");
});

test("a photo is painted, and the painting shows what can be ordered from it", async () => {
  const run = tools(await world());
  const photo = { filename: "IMG_Ana.png", contentType: "image/png", bytes: tinyPng("a shopper") };
  expect((await problemOf(() => run("look-at-preview"))).message).toContain("paint a photo first");

  await run("try-preview", { input: { photo } });
  expect((await run("look-at-preview")).sentence).toContain("still painting");
  const ready = await run("look-at-preview");

  expect(ready.sentence).toBe("2 paintings, to be ordered in 20 ways.");
  expect(ready.image).toMatch(/\.webp$/);
  expect(ready.table?.rows[0]).toContain(sku);
});

test("a preview that MGE does not have is said to be gone", async () => {
  const run = tools(await world());

  expect((await problemOf(() => run("look-at-preview", { input: { preview: "p9" } }))).message).toContain(
    "p9",
  );
});

test("orders are looked up with their drafts, also one whose number was lost", async () => {
  const mge = await world();
  const order = await aSentOrder(mge);
  const { sentence, table } = await tools(mge)("look-up-orders", {
    orders: [
      order,
      { ...order, name: "#1002", number: undefined },
      { ...order, name: "#1003", number: "MGE0", notes: {} },
    ],
  });

  expect(sentence).toBe("MGE shows 2 of 3 orders.");
  const draft = order.notes["draftId"];
  expect(table?.rows).toEqual([
    ["#1001", order.number, draft, "processing"],
    ["#1002", order.number, draft, "processing"],
    ["#1003", "MGE0", "", "MGE does not show it"],
  ]);
});

test("a draft is looked at: what became of it, and what MGE finds wrong with it", async () => {
  const mge = await world();
  const order = await aSentOrder(mge);
  const run = tools(mge);
  const sent = await run("look-at-draft", { input: { draft: String(order.notes["draftId"]) } });
  expect(factOf(sent, "Order")).toBe(order.number);

  const body = { brand_id: 116, line_items: [] };
  const made = await fetch(`${mge.mge.url}/api/v1/order-drafts/`, {
    method: "POST",
    headers: { authorization: "Bearer mge_sk_demo", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { id } = (await made.json()) as { id: number };
  const open = await run("look-at-draft", { input: { draft: String(id) } });

  expect(open.warnings?.[0]).toContain("MGE DOT cannot make this order");
  expect((await problemOf(() => run("look-at-draft", { input: { draft: "1" } }))).message).toContain(
    "no draft 1",
  );
});

test("an order is followed in MGE's own word, and no word is taken for the last one", async () => {
  const mge = await world();
  const order = await aSentOrder(mge);
  const track = () => orders().track?.(order, mge.settings, mge.calls());

  expect(await track()).toEqual({ state: "processing", final: false });
  mge.mge.setStatus(order.number ?? "", "On its way");
  expect(await track()).toEqual({ state: "On its way", final: false });
  mge.mge.setStatus(order.number ?? "", "CANCELLED");
  expect((await track())?.trouble).toContain(`order ${order.number ?? ""} is “CANCELLED”`);
});

test("following an order disturbs nothing: not shown, forbidden, switched off or without a number", async () => {
  const mge = await world();
  const order = await aSentOrder(mge);
  const forbidden = await host({
    "GET /api/v1/orders/MGE9/": { status: 403, json: { detail: "No scope." } },
  });
  const settings = { ...baseSettings, baseUrl: forbidden.url };
  const calls = memoryCalls({ vendor: dot, settings, http: wireTo(forbidden.url) });
  const follow = orders().track;

  expect(await follow?.({ ...order, number: "MGE0" }, mge.settings, mge.calls())).toEqual({
    state: "Sent",
    final: false,
  });
  expect(await follow?.({ ...order, number: "MGE9" }, settings, calls)).toEqual({
    state: "Sent",
    final: false,
  });
  const asked = mge.seen().length;
  const off = { ...mge.settings, followOrders: false };
  expect(await follow?.(order, off, mge.calls())).toEqual({ state: "Sent", final: true });
  expect(await follow?.({ ...order, number: undefined }, mge.settings, mge.calls())).toEqual({
    state: "Sent",
    final: true,
  });
  expect(mge.seen()).toHaveLength(asked);
});

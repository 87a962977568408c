// `npm run demo -- --check`: one mixed order through everything, without a person. What the vendors truly received is
// read from their ledgers and what Shopify was told from the local Shopify, never from the app.
import type { Merchant } from "./merchant.ts";
import { buy, mixedCart, type PlacedOrder } from "./shopper.ts";
import { table } from "./table.ts";
import { orderVendorIds, type DemoWorld, type OrderVendorId } from "./world.ts";

interface LedgerEntry {
  number: string;
  reference?: string;
  lines: { sku: string; quantity: number; detail: Record<string, unknown> }[];
}

interface Part {
  id: string;
  status: string;
  reference: string;
  vendorNumber: string | null;
  connection: { vendor: string };
  unshipped: { lineId: string; quantity: number }[];
}

interface Fulfillment {
  status: string;
  lines: { lineId: string; quantity: number }[];
  tracking: { company: string | null; number: string | null }[];
}

/** What each vendor must have, and how its entry is written in one line of the table. */
const expected: Record<
  OrderVendorId,
  { sku: string; quantity: number; say(entry: LedgerEntry, order: PlacedOrder): string }
> = {
  dot: {
    sku: "DOT/VF/40X50/W/BLACK/STD",
    quantity: 1,
    say: ({ lines: [line] }) => `${line?.quantity} × ${line?.sku}, photo ${tail(line?.detail["asset_url"])}`,
  },
  oms: {
    sku: "MAP-A3",
    quantity: 2,
    say: ({ lines: [line] }) =>
      `${line?.quantity} × variant ${line?.sku}, design ${decodeURIComponent(String(line?.detail["template_config"]))}`,
  },
  whcc: {
    sku: "ALBUM-20",
    quantity: 1,
    say: ({ lines: [line] }) =>
      `${line?.quantity} × product ${line?.sku}, design ${String(line?.detail["editorId"])}`,
  },
  dora: {
    sku: "RING-2P-52",
    quantity: 1,
    say: ({ lines: [line] }) =>
      `${line?.quantity} × ring ${line?.sku}, ${String(line?.detail["size"])} mm, ${partsOf(line?.detail["parts"])}`,
  },
};

const wholeDesign = '{"template":"map","town":"Łódź","words":"50% us"}';

/** Runs the check on a shop that is set up. Answers with the table and whether everything is as it must be. */
export async function checkRoad(
  world: DemoWorld,
  merchant: Merchant,
): Promise<{ text: string; ok: boolean }> {
  const order = await buy(world, mixedCart(world.shopifyUrl));
  const ledgers = await waitFor(`all four vendors to have their part of ${order.name}`, async () => {
    const read = await Promise.all(
      orderVendorIds.map((id) => get<LedgerEntry[]>(`${world.vendorUrls[id]}/_sandbox/ledger`)),
    );
    return read.every((ledger) => ledger.length > 0) ? read : undefined;
  });
  const orderPage = await waitFor(`the app to list ${order.name}`, async () => {
    const { rows } = (await merchant.load("/app/orders")) as { rows: { id: string; name: string }[] };
    return rows.find(({ name }) => name === order.name);
  });
  const path = `/app/orders/${orderPage.id}`;
  const parts = await waitFor("the app to know that all parts are sent", async () => {
    const page = (await merchant.load(path)) as { parts: Part[] };
    return page.parts.length === orderVendorIds.length && page.parts.every(({ status }) => status === "sent")
      ? page.parts
      : undefined;
  });
  for (const part of parts)
    await (part.connection.vendor === "whcc" ? shipAtWhcc(world, part) : enterParcel(merchant, path, part));
  const fulfillments = await waitFor("Shopify to be told of four parcels", async () => {
    const told = await get<{ fulfillments: Fulfillment[] }>(
      `${world.shopifyUrl}/_sandbox/orders/${order.id}`,
    );
    return told.fulfillments.length >= orderVendorIds.length ? told.fulfillments : undefined;
  });
  const received = orderVendorIds.map((id, n) => vendorRow(id, { ledger: ledgers[n] ?? [], parts, order }));
  const told = order.lines.map((line) => shopifyRow(line, fulfillments));
  const all = [...received, ...told];
  return {
    ok: all.every(({ ok }) => ok),
    text: [
      `Order ${order.name}: ${order.lines.map(({ title, quantity }) => `${quantity} × ${title}`).join(", ")}`,
      "",
      table(["Vendor", "Its number", "Our reference", "What it truly received", ""], received.map(cells)),
      "",
      table(["Shopify was told", "Fulfilled", "Carrier", "Tracking", ""], told.map(cells)),
    ].join("\n"),
  };
}

interface Row {
  cells: string[];
  ok: boolean;
}

const cells = ({ cells: given, ok }: Row): string[] => [...given, ok ? "ok" : "WRONG"];

function vendorRow(id: OrderVendorId, of: { ledger: LedgerEntry[]; parts: Part[]; order: PlacedOrder }): Row {
  const { sku, quantity, say } = expected[id];
  const part = of.parts.find(({ connection }) => connection.vendor === id);
  const line = of.order.lines.find((one) => one.sku === sku);
  const [entry, ...more] = of.ledger;
  const said = entry ? say(entry, of.order) : "nothing";
  const ok =
    entry !== undefined &&
    more.length === 0 &&
    entry.lines.length === 1 &&
    entry.lines[0]?.quantity === quantity &&
    line?.quantity === quantity &&
    part?.vendorNumber === entry.number &&
    isRight(id, { entry, part, order: of.order });
  return { cells: [id, entry?.number ?? "–", entry?.reference ?? "–", said], ok };
}

function isRight(id: OrderVendorId, of: { entry: LedgerEntry; part: Part; order: PlacedOrder }): boolean {
  const { entry, part, order } = of;
  const detail = entry.lines[0]?.detail ?? {};
  switch (id) {
    case "dot":
      return (
        entry.lines[0]?.sku === expected.dot.sku &&
        String(detail["asset_url"]).endsWith("/fruit.jpg") &&
        entry.reference === part.reference
      );
    case "oms":
      return (
        decodeURIComponent(String(detail["template_config"])) === wholeDesign && entry.reference === order.id
      );
    case "whcc":
      return detail["editorId"] === "demoAlbum" && entry.lines[0]?.sku === "426";
    case "dora":
      // Ring size 52 is a circumference of 52 mm: 16.55 mm across, and Dora makes 16.5.
      return detail["size"] === 16.5 && partsOf(detail["parts"]).split(" + ").length === 2;
  }
}

function shopifyRow(line: PlacedOrder["lines"][number], fulfillments: Fulfillment[]): Row {
  const inside = fulfillments.filter(
    (one) => one.status === "SUCCESS" && one.lines.some(({ lineId }) => lineId === line.id),
  );
  const pieces = inside.flatMap(({ lines }) => lines).filter(({ lineId }) => lineId === line.id);
  const fulfilled = pieces.reduce((sum, { quantity }) => sum + quantity, 0);
  const maker = orderVendorIds.find((id) => expected[id].sku === line.sku);
  const [tracking] = inside.flatMap((one) => one.tracking);
  const ok = maker
    ? fulfilled === line.quantity && inside.length === 1 && tracking?.number === trackingOf(maker)
    : inside.length === 0;
  const whose = maker ? "" : " (the shop's own)";
  return {
    cells: [
      `${line.title}${whose}`,
      `${fulfilled} of ${line.quantity}`,
      tracking?.company ?? "–",
      tracking?.number ?? "–",
    ],
    ok,
  };
}

const trackingOf = (vendor: string): string => `DEMO${vendor.toUpperCase()}0001`;

// What the lab does by itself: takes the order in, prints it, and calls the app with the parcel.
async function shipAtWhcc({ vendorUrls }: DemoWorld, part: Part): Promise<void> {
  const order = `${vendorUrls.whcc}/workshop/orders/${part.vendorNumber ?? ""}`;
  const parcel = { sequence: "1", carrier: "DHL Express", trackingNumber: trackingOf("whcc") };
  for (const [step, body] of [
    ["accept", {}],
    ["ship", parcel],
  ] as const) {
    const answer = await fetch(`${order}/${step}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`WHCC could not ${step} the order: ${await answer.text()}`);
  }
}

async function enterParcel(merchant: Merchant, path: string, part: Part): Promise<void> {
  const answer = await merchant.post(path, {
    intent: "add shipment",
    part: part.id,
    carrier: "DHL Express",
    trackingNumber: trackingOf(part.connection.vendor),
    trackingUrl: "",
    notify: "false",
    lines: JSON.stringify(part.unshipped.map(({ lineId, quantity }) => ({ lineId, quantity }))),
  });
  if (!("data" in answer && "done" in answer.data))
    throw new Error(`entering a parcel for ${part.connection.vendor} was refused: ${JSON.stringify(answer)}`);
}

async function get<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

/** Asks again until there is an answer; what it waited for is named when there is none in time. */
export async function waitFor<T>(what: string, ask: () => Promise<T | undefined>, seconds = 30): Promise<T> {
  for (
    const end = Date.now() + seconds * 1000;
    Date.now() < end;
    await new Promise((r) => setTimeout(r, 150))
  ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`waited ${seconds} s in vain for ${what}`);
}

const tail = (url: unknown): string => String(url).replace(/^.*\//, "…/");

function partsOf(parts: unknown): string {
  return Array.isArray(parts) ? parts.map((part: { name: string }) => part.name).join(" + ") : "no parts";
}

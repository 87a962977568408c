// Two real worker processes and two shops race for one Dora login, so for one cart: every order is bought once and alone.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createWaker } from "#app/queue.server.ts";
import { startChild, type Child } from "#sandbox/demo/child.ts";
import { startDora } from "#sandbox/vendors/dora.ts";
import type { LedgerEntry } from "#sandbox/vendors/stand-in.ts";
import type { OrderFacts } from "#app/orders/order.ts";
import { aLine, anOrder, properties } from "#test/support/builders.ts";
import { testDatabase } from "#test/support/database.ts";
import { testEnv } from "#test/support/postgres.ts";
import { aConnection, aMapping, aShop, hostOf, takeIn } from "#test/support/road.ts";
import { aRing } from "./rings.ts";

const database = testDatabase();
const shops = ["north.myshopify.com", "south.myshopify.com"];
const orderCount = 100;
const groupSize = 4;
/** A width for each shop, so that a ring in the ledger names its shop. */
const widths = [4, 5];
const sizes = [
  14.9, 15.3, 15.7, 16.1, 16.5, 16.9, 17.3, 17.7, 18.1, 18.5, 18.9, 19.4, 19.8, 20.2, 20.6, 21, 21.4,
].map((sizeMm) => ({ label: String(sizeMm), sizeMm }));
const finishes = ["Polished", "Hammered", "Brushed", "Iced"];
const deck = sizes.flatMap(({ label }) => finishes.map((finish) => ({ size: label, finish })));

let standIn: Awaited<ReturnType<typeof startDora>>;
const workers: Child[] = [];
/** How many orders each worker tried to send. */
const tried = new Map<string, number>();

beforeAll(async () => {
  standIn = await startDora();
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await standIn.stop();
});

async function startWorkers(): Promise<void> {
  const redirect = new URL("../../../sandbox/redirect.mjs", import.meta.url).href;
  const env = {
    ...testEnv,
    NODE_ENV: "production",
    LOG_LEVEL: "info",
    DATABASE_URL: database.url,
    ALLOWED_PRIVATE_HOSTS: hostOf(standIn.url),
    // Nothing on this road asks Shopify; should that change, it must not leave the machine.
    NODE_OPTIONS: `--import=${redirect}`,
    SANDBOX_SHOPIFY_URL: "http://127.0.0.1:9",
  };
  const start = async (name: string): Promise<void> => {
    workers.push(
      await startChild({ name, args: ["app/worker.ts"], env }, (who, line) => {
        if (typeof line === "object" && line["msg"] === "submission.attempted")
          tried.set(who, (tried.get(who) ?? 0) + 1);
      }),
    );
  };
  await Promise.all([start("worker 1"), start("worker 2")]);
}

async function setUpShops(): Promise<void> {
  for (const [index, shop] of shops.entries()) {
    await aShop(database.pool, shop);
    const settings = { baseUrl: standIn.url, username: "dealer", password: "dora_demo" };
    const connectionId = await aConnection(database.pool, { vendor: "dora", shop, settings });
    const part = { name: "Band", metalId: 5, color: "Yellow", finish: "Polished" };
    const product = aRing({
      width: widths[index],
      parts: [{ ...part, finishes: finishes.join(", ") }],
      sizes,
    });
    await aMapping(database.pool, { variantId: "9001", connectionId, product, domain: shop });
  }
}

/** What an order's rings are, e.g. "4/17.7/Iced ×2"; no two orders have the same one. */
type Wish = string[];

/** The orders of the day: fifty in each shop in turn, every third with two different rings. */
function ordersOfTheDay(): { shop: string; facts: OrderFacts; wish: Wish }[] {
  const decks = shops.map(() => [...deck]);
  return Array.from({ length: orderCount }, (_, n) => {
    const index = n % shops.length;
    const quantity = 1 + (n % 2);
    const rings = decks[index]?.splice(0, Math.floor(n / shops.length) % 3 === 0 ? 2 : 1) ?? [];
    const lines = rings.map(({ size, finish }, at) =>
      aLine({
        id: `${n + 1}${at}`,
        title: "Court band",
        quantity,
        orderedQuantity: quantity,
        properties: properties({ "Ring size": size, Finish: finish }),
      }),
    );
    return {
      shop: shops[index] ?? "",
      facts: anOrder({ id: String(7_000_000 + n), name: `#${2000 + n}`, lines }),
      wish: rings.map(({ size, finish }) => `${widths[index]}/${size}/${finish} ×${quantity}`).sort(),
    };
  });
}

function ringsOf({ lines }: LedgerEntry): string[] {
  return lines
    .map(({ detail, quantity }) => {
      const [part] = detail["parts"] as { finish: string }[];
      return `${String(detail["width"])}/${String(detail["size"])}/${part?.finish ?? ""} ×${quantity}`;
    })
    .sort();
}

interface Row {
  status: string;
  vendorNumber: string | null;
  sentence: string | null;
}

/** Waits until so many parts are there and none of them waits. */
async function settled(parts: number, wake: () => void): Promise<Row[]> {
  return vi.waitFor(
    async () => {
      wake();
      const { rows } = await database.pool.query<Row>(
        `SELECT status, "vendorNumber", sentence FROM "VendorOrder"`,
      );
      const open = rows.filter(({ status }) => status === "waiting").length;
      expect({ parts: rows.length, open }).toEqual({ parts, open: 0 });
      return rows;
    },
    { timeout: 60_000, interval: 20 },
  );
}

test(`two workers send ${orderCount} orders of two shops through one cart: each bought once, alone and whole`, async () => {
  await setUpShops();
  const day = ordersOfTheDay();
  const wishes = day.map(({ wish }) => wish);
  expect(new Set(wishes.flat()).size, "no two orders have the same ring").toBe(wishes.flat().length);

  await startWorkers();
  // Who has the login keeps it while orders wait. So they come in groups, and both reach for the first of each.
  const waker = createWaker(database.pool);
  const wake = (): void => {
    waker.wake("routing");
    waker.wake("submission");
  };
  let rows: Row[] = [];
  for (let n = 0; n < day.length; n += groupSize) {
    for (const { shop, facts } of day.slice(n, n + groupSize)) await takeIn(database.pool, facts, shop);
    rows = await settled(n + groupSize, wake);
  }
  await waker.close();

  const bought = standIn.ledger();
  expect(rows.filter(({ status }) => status !== "sent")).toEqual([]);
  expect(bought.map(ringsOf).sort(byText)).toEqual(wishes.sort(byText));
  expect(rows.map(({ vendorNumber }) => vendorNumber).sort()).toEqual(
    bought.map(({ number }) => number).sort(),
  );
  for (const entry of bought) {
    // Nobody else's ring was ever in that cart, not even for a moment.
    const { history } = entry.body as { history: { method: string }[] };
    expect(history.map(({ method }) => method)).toEqual(entry.lines.map(() => "PUT"));
  }
  const puts = standIn.requests().filter(({ method, path }) => method === "PUT" && path === "/cart");
  expect(puts).toHaveLength(wishes.flat().length);
  expect([...tried.keys()].sort(), "both of them worked").toEqual(["worker 1", "worker 2"]);
  // What a worker said last may still be on its way here.
  await vi.waitFor(() => {
    const tries = [...tried.values()].reduce((sum, some) => sum + some, 0);
    expect(tries, "nobody tried in vain").toBe(orderCount);
  });
}, 120_000);

const byText = (one: string[], other: string[]): number => (one.join() < other.join() ? -1 : 1);

// How fast orders reach their vendors: first as many as the door takes at once, then a steady few, from the
// acknowledgement of the webhook to the moment the vendor's ledger has the order. Vendors answer at once, so this is
// the road's own time.
import { openPoster, type Poster } from "./post.ts";
import { shopCount, startRoad, type Road, type Sending } from "./road.ts";
import { countLatency, percentile, type Histogram } from "./histogram.ts";
import { load, round, sayFigure, sayVerdicts } from "./say.ts";

/** How many and how fast; the figures hold for these. */
export const orderRun = {
  warmUp: 200,
  burst: 3_000,
  connections: 32,
  perSecond: 5,
  seconds: 40,
};

// A road that has not moved for so long has stopped.
const patienceMs = 60_000;

/** Measures both and prints figures and verdicts. */
export async function benchOrders(): Promise<void> {
  const steadyCount = orderRun.perSecond * orderRun.seconds;
  const road = await startRoad(orderRun.warmUp + orderRun.burst + steadyCount);
  const poster = await openPoster(road.port, orderRun.connections);
  try {
    const all = [...road.sendings];
    const acks = new Map<Sending, number>();
    await postAll(poster, all.splice(0, orderRun.warmUp), acks);
    await arrival(road, acks.size);

    const before = { load: load(), cpu: road.cpu() };
    const burst = all.splice(0, orderRun.burst);
    await postAll(poster, burst, acks);
    await arrival(road, acks.size);
    const cpu = difference(before.cpu, road.cpu());
    const loads = [before.load, load()];

    const steady = all.splice(0, steadyCount);
    await postSteadily(poster, steady, acks);
    await arrival(road, acks.size);
    await conclude(road, {
      acks,
      burst,
      steady,
      cpu,
      loads: [...loads, load()],
      refusals: poster.refusals(),
    });
  } finally {
    poster.close();
    await road.machinery.stop();
  }
}

async function postAll(poster: Poster, sendings: Sending[], acks: Map<Sending, number>): Promise<void> {
  await Promise.all(sendings.map(async (sending) => acks.set(sending, await poster.post(sending.bytes))));
}

// By the clock, whatever the door does: a slow answer must not slow down the questions.
async function postSteadily(poster: Poster, sendings: Sending[], acks: Map<Sending, number>): Promise<void> {
  const began = performance.now();
  await Promise.all(
    sendings.map(async (sending, n) => {
      await pause(began + (n * 1000) / orderRun.perSecond - performance.now());
      acks.set(sending, await poster.post(sending.bytes));
    }),
  );
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
}

// Waits until no part of the acknowledged orders is on its way. Asked seldom, because asking costs the database.
async function arrival({ machinery }: Road, acknowledged: number): Promise<void> {
  let settled = -1;
  let movedAt = performance.now();
  for (;;) {
    const { rows } = await machinery.db.query<{ count: number }>(
      `SELECT count(*)::int FROM "VendorOrder" WHERE status <> 'waiting'`,
    );
    const now = rows[0]?.count ?? 0;
    if (now >= acknowledged) return;
    if (now !== settled) [settled, movedAt] = [now, performance.now()];
    if (performance.now() - movedAt > patienceMs) return;
    await pause(500);
  }
}

interface Arrived {
  shop: string;
  shopifyId: string;
  vendor: string;
  vendorNumber: string | null;
  status: string;
  sentence: string | null;
}

interface Run {
  acks: Map<Sending, number>;
  burst: Sending[];
  steady: Sending[];
  cpu: Record<string, number>;
  loads: number[];
  refusals: number;
}

async function conclude(road: Road, { acks, burst, steady, cpu, loads, refusals }: Run): Promise<void> {
  const accepted = await road.accepted();
  const { rows } = await road.machinery.db.query<Arrived>(
    `SELECT o.shop, o."shopifyId", v.vendor, v."vendorNumber", v.status, v.sentence FROM "VendorOrder" v JOIN "Order" o ON o.id = v."orderId"`,
  );
  const byOrder = new Map(rows.map((row) => [`${row.shop}/${row.shopifyId}`, row]));
  const arrivedAt = ({ shop, shopifyId, vendor }: Sending): number | undefined => {
    const row = byOrder.get(`${shop}/${shopifyId}`);
    return row?.vendor === vendor ? accepted.get(`${vendor}/${row.vendorNumber ?? ""}`) : undefined;
  };
  const missing = [...acks.keys()].filter((sending) => arrivedAt(sending) === undefined).length;
  const tooMany = accepted.size - (acks.size - missing);

  const arrivals = burst.flatMap((sending) => arrivedAt(sending) ?? []);
  const [firstAck, lastAck] = extremes(burst.flatMap((sending) => acks.get(sending) ?? []));
  const [, lastArrival] = extremes(arrivals);
  const perSecond = arrivals.length / ((lastArrival - firstAck) / 1000);
  const latencies: Histogram = {};
  for (const sending of steady) {
    const at = arrivedAt(sending);
    if (at !== undefined) countLatency(latencies, at - (acks.get(sending) ?? Number.NaN));
  }
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];

  const mix = `half one DOT line with a photo link (draft, photo looked at, validated, submitted), half one OMS line; ${shopCount} shops, 1 web, 1 worker`;
  sayFigure({
    what: "orders sustained",
    unit: "orders/s",
    ours: perSecond,
    orders: burst.length,
    mix,
    load: loads,
  });
  sayFigure({
    what: "orders taken at the door meanwhile",
    unit: "orders/s",
    ours: burst.length / ((lastAck - firstAck) / 1000),
    refusals,
  });
  const perOrder = Object.entries(cpu).map(([name, ms]) => [name, round(ms / burst.length)] as const);
  sayFigure({
    what: "CPU per order",
    unit: "ms",
    ours: perOrder.length > 0 ? perOrder.reduce((sum, [, ms]) => sum + ms, 0) : null,
    ...Object.fromEntries(perOrder),
  });
  const pace = { orders: steady.length, perSecond: orderRun.perSecond };
  sayFigure({ what: "acknowledged to accepted by the vendor, p50", unit: "ms", ours: p50, ...pace });
  sayFigure({ what: "acknowledged to accepted by the vendor, p99", unit: "ms", ours: p99, ...pace });
  const reasons = new Set(
    rows.filter(({ status }) => status !== "sent").map(({ status, sentence }) => `${status}: ${sentence}`),
  );
  sayFigure({
    what: "orders at their vendors",
    unit: "orders",
    ours: accepted.size,
    acknowledged: acks.size,
    missing,
    tooMany,
    ...(reasons.size > 0 && { reasons: [...reasons].slice(0, 5) }),
  });
  sayVerdicts([
    {
      aim: "100 mixed orders a second, from the first acknowledgement to the last vendor's",
      measured: `${perSecond.toFixed(0)} a second`,
      met: perSecond >= 100,
    },
    {
      aim: `p99 below 1 s from acknowledged to accepted at ${orderRun.perSecond} orders a second`,
      measured: `${p99.toFixed(0)} ms (p50 ${p50.toFixed(0)} ms)`,
      met: p99 < 1000,
    },
    {
      aim: "every acknowledged order at its vendor, once",
      measured: `${missing} missing, ${tooMany} too many`,
      met: missing === 0 && tooMany === 0,
    },
  ]);
}

function difference(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? ms)]));
}

function extremes(values: number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

// What a durable acknowledgement costs: Shopify's template (stores nothing), our door (a committed row each) and bare
// Node (stores nothing), each a process of its own, in turns, so that what else the machine does hits all three.
import { runNode } from "#sandbox/demo/run-node.ts";
import { addUp, percentile } from "./histogram.ts";
import { loadReport, type LoadPlan, type LoadReport } from "./load.ts";
import { apiSecret, startMachinery, type Machinery } from "./machinery.ts";
import { orderBodies } from "./order-bodies.ts";
import { load, median, sayFigure, sayVerdicts } from "./say.ts";

const names = ["template", "ours", "bare"] as const;
type Name = (typeof names)[number];

/** How long and how hard; the figures hold for these. */
export const webhookRun = { rounds: 3, warmUpSeconds: 2, seconds: 6, connections: 50 };

const shop = "bench.myshopify.com";
const programs: Record<Name, { file: string; path: string }> = {
  template: { file: "test/bench/template-handler.ts", path: "/webhooks/orders" },
  ours: { file: "app/server.ts", path: "/webhooks/orders" },
  bare: { file: "test/bench/bare-handler.ts", path: "/webhooks/orders" },
};

/** Measures all three and prints figures and verdicts. */
export async function benchWebhooks(): Promise<void> {
  const machinery = await startMachinery();
  try {
    const { orders } = await orderBodies({
      shops: [shop],
      count: 1,
      photoUrl: "https://example.com/photo.jpg",
    });
    const body = orders[0]?.body ?? "";
    await aSession(machinery);
    const servers = new Map<Name, { port: number; pid: number }>();
    for (const name of names) servers.set(name, await startServer(machinery, name));

    const reports: Record<Name, LoadReport[]> = { template: [], ours: [], bare: [] };
    const loads = [load()];
    for (let round = 0; round < webhookRun.rounds; round++) {
      // Forwards and backwards, so that none is always the first after a pause.
      for (const name of round % 2 === 0 ? names : names.toReversed()) {
        const server = servers.get(name);
        if (!server) continue;
        const { path } = programs[name];
        const plan = { ...server, path, body, postgresPid: machinery.postgresPid };
        reports[name].push(await sendLoad(plan));
      }
      loads.push(load());
    }
    await conclude(machinery, { reports, loads, bytes: Buffer.byteLength(body) });
  } finally {
    await machinery.stop();
  }
}

async function startServer(machinery: Machinery, name: Name): Promise<{ port: number; pid: number }> {
  const child = await machinery.start({ name, args: [programs[name].file], env: machinery.env });
  return { port: Number(child.ready["port"] ?? child.ready["listening"]), pid: child.pid };
}

async function sendLoad(to: {
  port: number;
  pid: number;
  path: string;
  body: string;
  postgresPid: number;
}): Promise<LoadReport> {
  const { pid, ...rest } = to;
  const { rounds: _rounds, ...how } = webhookRun;
  const plan: LoadPlan = { ...rest, ...how, serverPid: pid, shop, topic: "orders/paid", secret: apiSecret };
  const sender = await runNode(["test/bench/load.ts", JSON.stringify(plan)]);
  if (sender.code !== 0) throw new Error(`the sender failed:\n${sender.said}`);
  return loadReport.parse(JSON.parse(sender.stdout));
}

// The shop's offline session, good for an hour: with an expired one the library would ask Shopify for a new token
// inside every webhook.
async function aSession({ db }: Machinery): Promise<void> {
  await db.query(
    `INSERT INTO "Session" (id, shop, state, scope, expires, "accessToken", "refreshToken", "refreshTokenExpires")
     VALUES ($1, $2, '', 'read_orders', now() + interval '1 hour', 'shpat_bench', 'shprt_bench', now() + interval '90 days')`,
    [`offline_${shop}`, shop],
  );
}

interface Measured {
  reports: Record<Name, LoadReport[]>;
  loads: number[];
  bytes: number;
}

async function conclude({ db }: Machinery, { reports, loads, bytes }: Measured): Promise<void> {
  const rows = Number(
    (await db.query<{ count: string }>(`SELECT count(*) FROM "WebhookEvent"`)).rows[0]?.count,
  );
  const acknowledged = sum(reports.ours, (report) => report.acknowledged);
  const { template, ours, bare } = {
    template: summary(reports.template),
    ours: summary(reports.ours),
    bare: summary(reports.bare),
  };
  const under = {
    connections: webhookRun.connections,
    rounds: webhookRun.rounds,
    seconds: webhookRun.seconds,
    bytes,
    load: loads,
  };
  for (const name of ["perSecond", "p50", "p99", "serverMs", "postgresMs"] as const) {
    const [unit, what] = wording[name];
    sayFigure({
      what: `webhook ${what}`,
      unit,
      ours: ours[name],
      peer: template[name],
      ratio: ratio(ours[name], template[name]),
      bare: bare[name],
      ratioToBare: ratio(ours[name], bare[name]),
      ...(name === "perSecond" && { ...under, byRound: byRound(reports), othersCpu: foreign(reports) }),
    });
  }
  sayFigure({
    what: "webhook rows kept",
    unit: "rows",
    ours: rows,
    acknowledged,
    otherAnswers: others(reports),
  });

  const toTemplate = median(ratios(reports, "template"));
  const toBare = median(ratios(reports, "bare"));
  sayVerdicts([
    {
      aim: "a durable acknowledgement at 5 times the rate of the template's handler, which stores nothing",
      measured: `${toTemplate.toFixed(1)} times (median of ${webhookRun.rounds} rounds)`,
      met: toTemplate >= 5,
    },
    {
      aim: "p99 below the template's",
      measured: `${ours.p99.toFixed(1)} ms against ${template.p99.toFixed(1)} ms`,
      met: ours.p99 < template.p99,
    },
    {
      aim: "40 % of what bare node:http with the signature alone answers",
      measured: `${(toBare * 100).toFixed(0)} % (median of ${webhookRun.rounds} rounds)`,
      met: toBare >= 0.4,
    },
    {
      aim: "a row for every acknowledgement",
      measured: `${rows} rows, ${acknowledged} acknowledged`,
      met: rows === acknowledged,
    },
  ]);
}

const wording = {
  perSecond: ["requests/s", "acknowledged per second"],
  p50: ["ms", "p50"],
  p99: ["ms", "p99"],
  serverMs: ["ms", "CPU of the web process per request"],
  postgresMs: ["ms", "CPU of PostgreSQL per request"],
} as const;

function summary(reports: LoadReport[]) {
  const measured = sum(reports, (report) => report.measured);
  const latencies = addUp(reports.map((report) => report.latencies));
  const each = (pick: (report: LoadReport) => number | null): number | null =>
    reports.some((report) => pick(report) === null)
      ? null
      : sum(reports, (report) => pick(report) ?? 0) / measured;
  return {
    perSecond: measured / sum(reports, (report) => report.seconds),
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    serverMs: each((report) => report.serverMs),
    postgresMs: each((report) => report.postgresMs),
  };
}

// Ours against another, round by round: both sides of a ratio were measured within seconds of each other.
function ratios(reports: Measured["reports"], peer: Name): number[] {
  return reports.ours.map(
    (report, round) => report.measured / (reports[peer][round]?.measured ?? Number.NaN),
  );
}

function byRound(reports: Measured["reports"]): Record<Name, number[]> {
  const rates = (name: Name): number[] =>
    reports[name].map((report) => Math.round(report.measured / report.seconds));
  return { template: rates("template"), ours: rates("ours"), bare: rates("bare") };
}

// Processors that neither the server, nor PostgreSQL, nor the sender used, on average: the noise of the machine.
function foreign(reports: Measured["reports"]): number | null {
  const all = Object.values(reports).flat();
  const known = all.filter((report) => report.machineMs !== null);
  if (known.length === 0) return null;
  const own = ({ serverMs, postgresMs, senderMs }: LoadReport): number =>
    (serverMs ?? 0) + (postgresMs ?? 0) + (senderMs ?? 0);
  return (
    sum(known, (report) => (report.machineMs ?? 0) - own(report)) /
    (1000 * sum(known, ({ seconds }) => seconds))
  );
}

function others(reports: Measured["reports"]): number {
  return sum(Object.values(reports).flat(), (report) => report.otherAnswers);
}

function ratio(ours: number | null, peer: number | null): number | null {
  return ours === null || !peer ? null : ours / peer;
}

function sum<Item>(items: Item[], pick: (item: Item) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}

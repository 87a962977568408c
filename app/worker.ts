// The worker process: which step answers which wake-up, the sweep that finds what nobody woke, the clock for what
// is done now and then, a heartbeat, and a graceful stop. As many of them as you like, against one PostgreSQL.
import { hostname } from "node:os";
import { retestConnections } from "./connections.server.ts";
import { createPool, databaseUrl } from "./db.server.ts";
import { drainer, drainRows, drainStarted, type Drain } from "./drain.server.ts";
import { describeEnv, env } from "./env.server.ts";
import { takeInbox } from "./inbox.ts";
import { log } from "./log.server.ts";
import { catchUp } from "./orders/catch-up.ts";
import { readAgain } from "./orders/intake.ts";
import { routing } from "./orders/routing.ts";
import { submission } from "./orders/submission.ts";
import { tracking } from "./orders/tracking.ts";
import { writeback } from "./orders/writeback.ts";
import { sweepPersonalData } from "./privacy.server.ts";
import { preparing, photosAtOnce } from "./previews/artwork-preparing.server.ts";
import { dateArtwork } from "./previews/artwork-retention.server.ts";
import { catchUpProducts } from "./products/catch-up.ts";
import { previews } from "./previews/preview-making.server.ts";
import { tellProxyPaths } from "./previews/proxy-path.server.ts";
import { sweepPreviews } from "./previews/preview-pictures.server.ts";
import { publishing } from "./products/publishing.ts";
import { createWaker, type Step } from "./queue.server.ts";
import { keepQueue } from "./queue-runner.server.ts";
import { refreshDueTokens } from "./shopify/token.server.ts";
import { createHttp } from "./vendors/http.server.ts";
import { freeDeadWorkers, heartbeat, wakeDueSteps } from "./sweep.server.ts";
import type { World } from "./world.server.ts";

const workerId = `${hostname()}-${process.pid}`;
const url = await databaseUrl();
const db = createPool(url, { max: 24, name: "worker" });
const http = createHttp({ allowedPrivateHosts: env.ALLOWED_PRIVATE_HOSTS });
const waker = createWaker(db);
const world: World = { db, http, wake: (step) => waker.wake(step) };
const stopping = new AbortController();

// Catalogues, syncs and products to read, together: few, because orders go first and each may hold a large answer.
const catalogueWork = 6;

// A vendor's preview is mostly waited for; its pictures are painted anew one at a time.
const previewsAtOnce = 8;

// Apart from each other: while Shopify takes its time over an order, the next wake-up takes the webhooks that came.
const takeMail = drainer(stopping.signal, () => drainRows(() => takeInbox(world), stopping.signal));
const readOrders = drainer(stopping.signal, () => drainRows(() => readAgain(world), stopping.signal));

const drains: Record<Step, Drain> = {
  intake: async () => {
    await takeMail();
    await readOrders();
  },
  routing: drainer(stopping.signal, () => drainRows(() => routing(world), stopping.signal)),
  submission: drainer(stopping.signal, () =>
    drainStarted((free) => submission(world, free), {
      atOnce: env.WORKER_ORDERS_AT_ONCE,
      signal: stopping.signal,
    }),
  ),
  tracking: drainer(stopping.signal, () => drainRows(() => tracking(world), stopping.signal)),
  writeback: drainer(stopping.signal, () => drainRows(() => writeback(world), stopping.signal)),
  publishing: drainer(stopping.signal, () =>
    drainStarted((free) => publishing(world, free), { atOnce: catalogueWork, signal: stopping.signal }),
  ),
  artwork: drainer(stopping.signal, () =>
    drainStarted((free) => preparing(world, free), { atOnce: photosAtOnce, signal: stopping.signal }),
  ),
  previews: drainer(stopping.signal, () =>
    drainStarted((free) => previews(world, free), { atOnce: previewsAtOnce, signal: stopping.signal }),
  ),
};

const queue = await keepQueue(db, drains);

// What must happen even if every wake-up is lost. Each runs on its own; one that fails is tried at the next turn.
const chores: [string, number, () => Promise<unknown>][] = [
  ["sweep", 3, () => wakeDueSteps(world)],
  ["heartbeat", 2, () => heartbeat(db, workerId)],
  ["dead workers", 5, () => freeDeadWorkers(db, workerId)],
  ["connections", 60, () => retestConnections(world)],
  ["catch-up", 60, () => catchUp(world)],
  ["products", 900, () => catchUpProducts(world)],
  ["tokens", 3600, () => refreshDueTokens(db)],
  ["photos", 3600, () => dateArtwork(db)],
  ["previews", 60, () => sweepPreviews(db)],
  ["proxy paths", 30, () => tellProxyPaths(db)],
  ["personal data", 3600, () => sweepPersonalData(db)],
];
const timers = chores.map(([name, seconds, chore]) => every(seconds, name, chore));

function every(seconds: number, name: string, chore: () => Promise<unknown>): NodeJS.Timeout {
  let isRunning = false;
  return setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    chore()
      .catch((error: unknown) => log.warn({ err: error, chore: name }, "worker.chore_failed"))
      .finally(() => (isRunning = false));
  }, seconds * 1000);
}

async function stop(): Promise<void> {
  if (stopping.signal.aborted) return;
  log.info("worker.stopping");
  stopping.abort();
  for (const timer of timers) clearInterval(timer);
  // Waits for the conversations under way: a reply that nobody reads would have to be probed for later.
  await queue.stop();
  await waker.close();
  await http.close();
  await db.end();
  process.exit(0);
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());

await heartbeat(db, workerId);
log.info({ worker: workerId, ...describeEnv(env) }, "worker.started");

// Carries out a plan: the deeds of each round at their moments, and a night after each, in which nobody speaks to a
// vendor and the time passes that the app waits for before it draws conclusions.
import { setTimeout as pause } from "node:timers/promises";
import type { Pool } from "pg";
import { later } from "#test/support/database.ts";
import { patiently, type MortalDatabase } from "./database.ts";
import type { Wish } from "./orders.ts";
import type { Person } from "./person.ts";
import type { Deed, Round, Strike } from "./plan.ts";
import type { ShopifyDoor } from "./scene.ts";
import type { VendorDoor, VendorId } from "./vendors.ts";
import type { Workers } from "./workers.ts";

/** What a run is made of. */
export interface Stage {
  database: MortalDatabase;
  workers: Workers;
  /** kill -9 for the web process; answers whether there was one. */
  killWeb(): boolean;
  doors: Record<VendorId, VendorDoor>;
  shopify: ShopifyDoor;
  person: Person;
  /** Orders that were placed, by their number in Shopify. */
  placed: Map<string, Wish>;
  /** Faults that truly happened to processes and the database, by kind. */
  struck: Map<string, number>;
  say(text: string): void;
}

/** Longer than every back-off of the first tries, every vendor's quiescence bound and a failing connection's rest. */
const night = "16 minutes";

/** Plays one round. Deeds that take long (a crash, a pause) run beside the next ones. */
export async function playRound(stage: Stage, round: Round): Promise<void> {
  const began = performance.now();
  const underWay: Promise<void>[] = [];
  let looking = true;
  const merchant = (async () => {
    while (looking) {
      // The database may be away while the merchant looks.
      await stage.person.look(false).catch(() => undefined);
      await pause(1_500);
    }
  })();
  for (const deed of round.deeds) {
    await pause(Math.max(0, deed.at - (performance.now() - began)));
    underWay.push(carryOut(stage, deed));
  }
  await pause(Math.max(0, round.milliseconds - (performance.now() - began)));
  looking = false;
  await Promise.all([...underWay, merchant]);
}

async function carryOut(stage: Stage, deed: Deed): Promise<void> {
  switch (deed.kind) {
    case "order": {
      const id = await stage.shopify.order(deed.wish.shop, deed.wish.lines);
      stage.placed.set(id, deed.wish);
      return;
    }
    case "vendor fault":
      return stage.doors[deed.vendor].arm(deed.fault);
    default:
      if (await strike(stage, deed)) count(stage, deed.kind);
  }
}

let crashing: Promise<void> | undefined;

async function strike({ workers, database, killWeb }: Stage, deed: Strike): Promise<boolean> {
  const nameOf = (worker: number): string => workers.names[worker % workers.names.length] ?? "";
  switch (deed.kind) {
    case "kill worker":
      return workers.kill(nameOf(deed.worker));
    case "kill both workers":
      return workers.names.map((name) => workers.kill(name)).includes(true);
    case "kill web":
      return killWeb();
    case "crash database":
      if (crashing) return false;
      crashing = database.crash(deed.downMs).finally(() => (crashing = undefined));
      await crashing;
      return true;
    case "pause worker":
    case "freeze worker": {
      const name = nameOf(deed.worker);
      // Killed a moment ago, it is just starting: a little patience, or the only freeze of a round would be lost.
      for (let tries = 0; tries < 50 && !workers.pause(name); tries++) {
        if (deed.kind === "pause worker") return false;
        await pause(100);
      }
      await pause(deed.forMs);
      workers.resume(name);
      return true;
    }
  }
}

/**
 * Lets hours pass. First every worker is killed, so that no request can leave; then what is late at a vendor takes
 * effect; only then the clock moves, and the merchant looks at what has no guard just now.
 */
export async function passNight(stage: Stage): Promise<void> {
  const { workers, doors, database, person } = stage;
  await workers.hold();
  count(stage, "kill both workers");
  // What a killed worker had sent is on loopback: it is read and done in milliseconds.
  await pause(250);
  for (const door of Object.values(doors)) {
    await door.disarm();
    await door.releaseLate();
  }
  await pause(100);
  await patiently(() => moveClock(database.pool));
  await patiently(() => person.look(true));
  await workers.release();
}

async function moveClock(pool: Pool): Promise<void> {
  await pool.query("SELECT 1");
  await later(pool, night);
}

function count({ struck }: Stage, kind: string): void {
  struck.set(kind, (struck.get(kind) ?? 0) + 1);
}

/** What does not rest yet, in a few words each; empty when everything is done. */
export async function unrest({ database, shopify, placed }: Stage): Promise<string[]> {
  const { rows } = await database.pool.query<{ what: string }>(restless);
  const states = await shopify.deliveries();
  const undelivered = Object.entries(states).filter(([state]) => state !== "delivered");
  const known = await database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM "Order"`);
  const missing = placed.size - (known.rows[0]?.n ?? 0);
  return [
    ...undelivered.map(([state, number]) => `${number} webhooks ${state}`),
    ...(missing > 0 ? [`${missing} orders unknown to the app`] : []),
    ...rows.map(({ what }) => what),
  ];
}

const restless = `
  SELECT 'webhook ' || id || ' is ' || state AS what FROM "WebhookEvent" WHERE state <> 'done'
  UNION ALL SELECT 'order ' || name || ' is ' || status FROM "Order" WHERE routed < version OR "readAgain" OR status NOT IN ('routed', 'not ours')
  UNION ALL SELECT reference || ' at ' || vendor || ' is ' || status || coalesce(' (' || code || ')', '') || coalesce(': ' || sentence, '')
    FROM "VendorOrder" WHERE status NOT IN ('sent', 'shipped') OR "leaseUntil" > now() OR "committingAt" IS NOT NULL
  UNION ALL SELECT 'account of ' || vendor || ' is kept: ' || coalesce(quarantine, 'somebody holds its basket')
    FROM "Account" WHERE quarantine IS NOT NULL OR "holderId" IS NOT NULL
  UNION ALL SELECT 'connection ' || vendor || ' of ' || shop || ' is ' || status FROM "Connection" WHERE status <> 'on'
  UNION ALL SELECT 'a try at ' || v.reference || ' was never closed' FROM "Attempt" t JOIN "VendorOrder" v ON v.id = t."vendorOrderId"
    WHERE t."closedAt" IS NULL`;

/** Nights and short days until everything rests. Answers what does not, after `most` nights. */
export async function comeToRest(stage: Stage, most: number): Promise<string[]> {
  let left: string[] = [];
  for (let nights = 0; nights < most; nights++) {
    await passNight(stage);
    await stage.shopify.retryAll();
    for (const end = performance.now() + 8_000; performance.now() < end;) {
      await pause(500);
      left = await unrest(stage);
      if (left.length === 0) return left;
      await stage.person.look(false);
    }
    stage.say(`  ${left.length} things do not rest yet, e.g. ${left[0] ?? ""}`);
  }
  return left;
}

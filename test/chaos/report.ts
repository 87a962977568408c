// What a run has to say, as text: faults, webhooks, one row for each vendor, and the story of everything that went wrong.
import type { Pool } from "pg";
import { table } from "#sandbox/demo/table.ts";
import type { Account } from "./accounting.ts";
import type { Deeds } from "./person.ts";
import type { Stage } from "./rounds.ts";
import { vendorIds } from "./vendors.ts";

/** How a run came out. */
export interface Outcome {
  account: Account;
  /** What does not rest. */
  unfinished: string[];
  /** Where the app's row and the vendor's ledger disagree. */
  disagreements: string[];
  /** Parts that ended sent without anybody's help, by vendor. */
  bySelf: Map<string, number>;
  /** Processes that ended although nobody killed them, by name and how. */
  deaths: Map<string, number>;
  /** Lines of level error in the app's log, by message. */
  errors: Map<string, number>;
  seconds: number;
}

/** Whether a run kept the promise. */
export function isKept({ account, unfinished, disagreements }: Outcome): boolean {
  return account.violations.length + unfinished.length + disagreements.length === 0;
}

/** The report of a run. */
export async function report(stage: Stage, outcome: Outcome): Promise<string> {
  const { account, unfinished, disagreements, deaths, errors, seconds } = outcome;
  const { struck, doors, person } = stage;
  const met = new Map<string, number>();
  for (const door of Object.values(doors))
    for (const [kind, times] of door.met) if (times > 0) met.set(kind, (met.get(kind) ?? 0) + times);
  const webhooks = await stage.shopify.deliveries();
  return [
    `Processes and database: ${sum(struck)} faults (${list(struck)})`,
    `Vendors' HTTP: ${sum(met)} faults (${list(met)})`,
    `Webhooks acknowledged: ${webhooks["delivered"] ?? 0} of ${Object.values(webhooks).reduce((a, b) => a + b, 0)}`,
    ...(deaths.size > 0 ? [`Ended by themselves: ${list(deaths)}`] : []),
    ...(errors.size > 0 ? [`Errors the app logged: ${list(errors)}`] : []),
    "",
    vendorTable(outcome, person.deeds),
    "",
    `The merchant pressed: ${list(person.deeds.pressed) || "nothing"}`,
    ...section("Held as not there, although the vendor had it", [...person.deeds.misled.values()]),
    ...section("Not at rest", unfinished),
    ...section("The app and the vendor disagree", disagreements),
    ...section("Broken promises", await stories(stage, account)),
    `${stage.placed.size} orders in ${seconds.toFixed(0)} s: ${isKept(outcome) ? "each exactly once, and right" : "NOT as promised"}.`,
  ].join("\n");
}

function vendorTable({ account, bySelf }: Outcome, { held }: Deeds): string {
  const head = ["Vendor", "Expected", "Exactly once", "Duplicated", "Lost", "Wrong lines", "Mixed carts"];
  const rows = vendorIds.map((vendor) => {
    const { expected, once, duplicated, lost, wrong, mixed } = account.vendors[vendor];
    const codes = [...(held.get(vendor) ?? [])].map(([code, parts]) => `${code} ${parts.size}`).join(", ");
    const numbers = [expected, once, duplicated, lost, wrong, mixed, bySelf.get(vendor) ?? 0].map(String);
    return [vendor, ...numbers, codes || "none"];
  });
  return table([...head, "Sent by itself", "Held for a person"], rows);
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`), ""];
}

function list(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, times]) => `${kind} ${times}`)
    .join(", ");
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, times) => total + times, 0);
}

/** Each broken promise with what the app wrote down about that order. */
async function stories({ database, placed }: Stage, { violations }: Account): Promise<string[]> {
  const numberOf = new Map([...placed].map(([shopifyId, wish]) => [wish.n, shopifyId]));
  const told = await Promise.all(
    violations.slice(0, 20).map(async ({ n, text }) => {
      const story = await storyOf(database.pool, numberOf.get(n) ?? "");
      return [text, ...story.map((line) => `  ${line}`)];
    }),
  );
  return told.flat();
}

async function storyOf(pool: Pool, shopifyId: string): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `SELECT line FROM (
       SELECT t."openedAt" AS at, v.reference || ' try ' || t.number || ' ' || t.kind || ': ' || coalesce(t.outcome, 'open') || ' ' || coalesce(t.sentence, '') AS line
       FROM "Attempt" t JOIN "VendorOrder" v ON v.id = t."vendorOrderId" JOIN "Order" o ON o.id = v."orderId" WHERE o."shopifyId" = $1
       UNION ALL
       SELECT e.at, e.who || ': ' || e.sentence FROM "TimelineEntry" e JOIN "Order" o ON o.id = e."orderId" WHERE o."shopifyId" = $1
     ) AS story ORDER BY at`,
    [shopifyId],
  );
  return rows.map(({ line }) => line);
}

// One batch of a catalogue on its way to the vendor. Before it leaves, the rows say that what the vendor has is not sure
// any more; only an answer makes it sure again.
import { VendorError, type Notes, type Published } from "../vendors/vendor.ts";
import { mine } from "./claim.server.ts";
import { makeItem } from "./plan.ts";
import type { ProductFacts } from "./product.ts";
import { ask, close, later, type Outcome, type Sender, type Sent } from "./talking.server.ts";

interface DueRow {
  id: string;
  version: number;
  tries: number;
  key: string;
  planHash: string;
  notes: Notes;
  facts: ProductFacts;
}

const due = `
  SELECT p.id::text, p.version, p.tries, p.key, p."planHash", p.notes, f.facts
  FROM "Publication" p JOIN "CatalogueProduct" f ON f.shop = p.shop AND f."productId" = p."productId" AND f.facts IS NOT NULL
  WHERE p."connectionId" = $1 AND p.state = 'waiting' AND p.planned = p.version AND p.wants = 'publish' AND p."nextRunAt" <= now()
    AND p."itemHash" IS DISTINCT FROM p."planHash" ORDER BY p."nextRunAt", p.id LIMIT $2`;

const about = `
  UPDATE "Publication" SET "itemHash" = NULL, "keysThere" = CASE WHEN key = ANY("keysThere") THEN "keysThere" ELSE "keysThere" || key END
  WHERE "connectionId" = $1 AND id = ANY($3::bigint[]) AND planned = version AND ${mine} RETURNING id::text`;

const planAnew = `
  UPDATE "Publication" SET version = version + 1 WHERE "connectionId" = $1 AND id = ANY($3::bigint[]) AND planned = version AND ${mine}`;

/**
 * Sends the next batch. Throws VendorError `connection`; every other trouble is written on the rows. Throws
 * CatalogueLost.
 */
export async function publishBatch(sender: Sender): Promise<Sent> {
  const { world, claim, catalogue } = sender;
  const { rows } = await world.db.query<DueRow>(due, [claim.connectionId, catalogue.batchSize]);
  const ready = rows.flatMap((row) => asPlanned(row, sender) ?? []);
  if (ready.length < rows.length) {
    const ids = new Set(ready.map(({ row }) => row.id));
    const stale = rows.flatMap(({ id }) => (ids.has(id) ? [] : [id]));
    await world.db.query(planAnew, [claim.connectionId, claim.fence, stale]);
  }
  if (ready.length === 0) return { count: 0, quiet: false };
  const marked = await world.db.query<{ id: string }>(about, [
    claim.connectionId,
    claim.fence,
    ready.map(({ row }) => row.id),
  ]);
  const ids = new Set(marked.rows.map(({ id }) => id));
  const leaving = ready.filter(({ row }) => ids.has(row.id));
  if (leaving.length === 0) return { count: 0, quiet: false };

  const { answers, quiet } = await send(sender, leaving, { requests: 40 });
  // The connection's own trouble is not the products': they stay as they are and wait with it.
  const trouble = answers.find((each) => each instanceof VendorError && each.problem === "connection");
  const outcomes = leaving.flatMap(({ row }, at) => {
    const answer = answers[at];
    return answer === trouble && trouble ? [] : [outcomeOf(row, answer)];
  });
  if (outcomes.length > 0) await close(world.db, claim, outcomes);
  if (trouble instanceof VendorError) throw trouble;
  return { count: leaving.length, quiet };
}

type Leaving = { row: DueRow; item: unknown };
type Answer = Published | VendorError;

// Undefined for a plan that is out of date: of the same facts another release makes another item, or none.
function asPlanned(row: DueRow, sender: Sender): Leaving | undefined {
  try {
    const { item, hash } = makeItem(row.facts, sender);
    return hash === row.planHash ? { row, item } : undefined;
  } catch (error) {
    if (error instanceof VendorError && error.problem === "connection") throw error;
    return undefined; // planning says why, and for this product alone
  }
}

// A refusal of a whole batch says nothing of the single items: halved until it does, within a number of requests,
// because a vendor that refuses everything would be asked twice for each.
async function send(
  sender: Sender,
  leaving: readonly Leaving[],
  budget: { requests: number },
): Promise<{ answers: Answer[]; quiet: boolean }> {
  const all = (answer: Answer): Answer[] => leaving.map(() => answer);
  if (budget.requests-- <= 0)
    return {
      answers: all({
        sentence: "Waits until what the vendor refuses is told from the rest.",
        problem: "retry",
      }),
      quiet: false,
    };
  const items = leaving.map(({ item, row }) => ({ item, notes: row.notes }));
  const whole = await ask(sender, (asking) => sender.catalogue.publish(items, sender.settings, asking));
  if (!(whole.answer instanceof VendorError)) return { answers: whole.answer, quiet: whole.quiet };
  if (whole.answer.problem !== "rejected" || leaving.length === 1)
    return { answers: all(whole.answer), quiet: whole.quiet };
  const middle = Math.ceil(leaving.length / 2);
  const first = await send(sender, leaving.slice(0, middle), budget);
  const stop = first.answers.find((each) => each instanceof VendorError && each.problem !== "rejected");
  const second = stop
    ? { answers: leaving.slice(middle).map(() => stop), quiet: false }
    : await send(sender, leaving.slice(middle), budget);
  return {
    answers: [...first.answers, ...second.answers],
    quiet: whole.quiet || first.quiet || second.quiet,
  };
}

function outcomeOf({ id, version, tries, planHash }: DueRow, answer: Answer | undefined): Outcome {
  const isError = answer instanceof VendorError;
  const told: Published = isError
    ? { sentence: answer.message, problem: answer.problem === "rejected" ? "rejected" : "retry" }
    : (answer ?? { sentence: "The vendor did not say what became of it.", problem: "retry" });
  const base = { id, version, sentence: told.sentence, notes: told.notes ?? {} };
  if (told.problem === "rejected")
    return { ...base, state: "held", code: "refused", hash: null, waitSeconds: 0, done: false };
  if (told.problem === "retry") {
    const asked = isError ? answer.retryAfterSeconds : undefined;
    return { ...base, ...later(told.sentence, tries, asked), hash: null, done: false };
  }
  return { ...base, state: "published", code: null, hash: planHash, waitSeconds: 0, done: true };
}

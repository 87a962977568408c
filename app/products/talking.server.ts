// The words in which a catalogue is sent: who sends, what is asked under the lease, and how a row ends.
import { isAway, type Db } from "../db.server.ts";
import { log } from "../log.server.ts";
import { retryAt } from "../orders/retry.ts";
import { askVendor } from "../vendors/asking.server.ts";
import type { Exchange } from "../vendors/http.server.ts";
import { VendorError, type Asking, type Notes, type Vendor } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import { CatalogueLost, mine, outlast, type CatalogueClaim } from "./claim.server.ts";

/** A catalogue in this worker's hands, with everything it takes to talk about it. */
export interface Sender {
  world: World;
  claim: CatalogueClaim;
  vendor: Vendor;
  catalogue: NonNullable<Vendor["catalogue"]>;
  settings: Record<string, unknown>;
}

/**
 * What a batch came to. `quiet`: nothing may be sent for a minute, because some answer did not come and what it said may
 * still land, or because the vendor asked us to slow down.
 */
export interface Sent {
  count: number;
  quiet: boolean;
}

/** What becomes of one row. */
export interface Outcome {
  id: string;
  version: number;
  done: boolean;
  state: "published" | "waiting" | "held" | "withdrawn";
  code: string | null;
  sentence: string;
  hash: string | null;
  notes: Notes;
  waitSeconds: number;
}

// The waits before the ninth try come to sixteen hours; then a person should look.
const mostTries = 9;

/** Asks with the lease watched, and answers with whether the catalogue must be left alone for a minute. */
export async function ask<T>(
  { world, claim, vendor, settings }: Sender,
  talk: (asking: Asking) => Promise<T>,
): Promise<{ answer: T | VendorError; quiet: boolean }> {
  const exchanges: Exchange[] = [];
  const whom = {
    vendor,
    settings,
    accountId: claim.accountId,
    shop: claim.shop,
    beforeSend: () => outlast(world.db, claim),
    exchanges,
  };
  // A vendor that answers item by item hides in its answer that a request of it was lost; the record does not. What was
  // no problem to who asked is none here: a picture's host that asks to slow down is not the vendor.
  const needsQuiet = (): boolean =>
    exchanges.some(
      ({ method, status, problem }) =>
        problem !== undefined &&
        (status === 429 || (method !== "GET" && (status === undefined || status < 200 || status >= 500))),
    );
  try {
    return { answer: await askVendor(world, whom, talk), quiet: needsQuiet() };
  } catch (error) {
    if (error instanceof VendorError) return { answer: error, quiet: error.lost || needsQuiet() };
    if (error instanceof CatalogueLost || isAway(error)) throw error;
    // Ours, not the vendor's: kept on the rows, tried again, then held.
    log.error({ err: error }, "publishing.ask_failed");
    const sentence = "Makerlane failed in the middle of it. The fault is ours and was reported.";
    return { answer: new VendorError("retry", sentence, { cause: error }), quiet: true };
  }
}

/** When to try again what the vendor could not take at this moment; after nine tries a person should look. */
export function later(
  sentence: string,
  tries: number,
  asked: number | undefined,
): Pick<Outcome, "state" | "code" | "sentence" | "waitSeconds"> {
  if (tries + 1 >= mostTries)
    return {
      state: "held",
      code: "given up",
      sentence: `${sentence} It was tried ${mostTries} times over many hours; publish it again when the trouble is over.`,
      waitSeconds: 0,
    };
  // A vendor that asks for a minute each time would else see the last try after nine of them.
  return { state: "waiting", code: null, sentence, waitSeconds: Math.max(asked ?? 0, retryAt(tries)) };
}

// News that came in meanwhile keeps its place: the row stays as it is but for what the vendor now surely has.
const closing = `
  UPDATE "Publication" p SET "itemHash" = d.hash, notes = p.notes || d.notes::jsonb,
    "publishedAt" = CASE WHEN d.state = 'published' THEN now() ELSE p."publishedAt" END,
    "keysThere" = CASE WHEN d.state = 'withdrawn' THEN '{}' ELSE p."keysThere" END,
    state = CASE WHEN p.version <> d.version THEN p.state WHEN d.state = 'published' AND p."keysThere" <> ARRAY[p.key] THEN 'waiting' ELSE d.state END,
    code = CASE WHEN p.version <> d.version THEN p.code ELSE d.code END,
    sentence = CASE WHEN p.version <> d.version THEN p.sentence ELSE d.sentence END,
    tries = CASE WHEN p.version <> d.version OR d.done THEN 0 ELSE p.tries + 1 END,
    "nextRunAt" = CASE WHEN p.version <> d.version THEN p."nextRunAt" ELSE now() + d.wait * interval '1 second' END, "changedAt" = now()
  FROM unnest($3::bigint[], $4::int[], $5::boolean[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::float[])
    AS d(id, version, done, state, code, sentence, hash, notes, wait)
  WHERE p.id = d.id AND p."connectionId" = $1 AND ${mine}`;

/** Writes what became of the rows. Throws CatalogueLost when somebody else holds the catalogue. */
export async function close(db: Db, claim: CatalogueClaim, outcomes: Outcome[]): Promise<void> {
  const closed = await db.query(closing, [
    claim.connectionId,
    claim.fence,
    outcomes.map(({ id }) => id),
    outcomes.map(({ version }) => version),
    outcomes.map(({ done }) => done),
    outcomes.map(({ state }) => state),
    outcomes.map(({ code }) => code),
    outcomes.map(({ sentence }) => sentence),
    outcomes.map(({ hash }) => hash),
    outcomes.map(({ notes }) => JSON.stringify(notes)),
    outcomes.map(({ waitSeconds }) => waitSeconds),
  ]);
  if (closed.rowCount === 0) throw new CatalogueLost();
}

// What goes out of a catalogue: products that are gone, and the old keys of those that changed theirs.
import type { Db } from "../db.server.ts";
import { VendorError } from "../vendors/vendor.ts";
import { mine, type CatalogueClaim } from "./claim.server.ts";
import { ask, close, later, type Outcome, type Sender, type Sent } from "./talking.server.ts";

interface LeavingRow {
  id: string;
  version: number;
  tries: number;
  wants: "publish" | "withdraw";
  key: string | null;
  itemHash: string | null;
  keysThere: string[];
  sentence: string | null;
}

const leavingRows = `
  SELECT id::text, version, tries, wants, key, "itemHash", "keysThere", sentence FROM "Publication"
  WHERE "connectionId" = $1 AND state = 'waiting' AND planned = version AND "nextRunAt" <= now()
    AND (wants = 'withdraw' OR "itemHash" = "planHash") ORDER BY "nextRunAt", id LIMIT 20`;

/**
 * Takes products out: those that are gone, and the old keys of those that changed theirs. A key that another product
 * has by now is only forgotten. Throws as publishBatch.
 */
export async function withdrawBatch(sender: Sender): Promise<Sent> {
  const { world, claim } = sender;
  const { rows } = await world.db.query<LeavingRow>(leavingRows, [claim.connectionId]);
  for (const [count, row] of rows.entries()) {
    const { quiet, stop } = await withdrawRow(sender, row);
    if (quiet || stop) return { count: count + 1, quiet };
  }
  return { count: rows.length, quiet: false };
}

async function withdrawRow(sender: Sender, row: LeavingRow): Promise<{ quiet: boolean; stop: boolean }> {
  const { world, claim, catalogue, settings } = sender;
  const isOut = row.wants === "withdraw";
  const done: string[] = [];
  await world.db.query(
    `UPDATE "Publication" SET "itemHash" = NULL WHERE "connectionId" = $1 AND id = $3 AND wants = 'withdraw' AND ${mine}`,
    [claim.connectionId, claim.fence, row.id],
  );
  for (const key of row.keysThere.filter((each) => row.wants === "withdraw" || each !== row.key)) {
    if (!(await belongsToAnother(world.db, { claim, id: row.id, key }))) {
      const { answer, quiet } = await ask(sender, (asking) => catalogue.withdraw(key, settings, asking));
      if (answer instanceof VendorError) {
        if (answer.problem === "connection") throw answer;
        const base = {
          id: row.id,
          version: row.version,
          done: false,
          hash: isOut ? null : row.itemHash,
          notes: {},
        };
        const ending: Outcome =
          answer.problem === "rejected"
            ? { ...base, state: "held", code: "refused", sentence: answer.message, waitSeconds: 0 }
            : { ...base, ...later(answer.message, row.tries, answer.retryAfterSeconds) };
        await forgetKeys(world.db, claim, { id: row.id, keys: done });
        await close(world.db, claim, [ending]);
        return { quiet, stop: answer.problem !== "rejected" };
      }
    }
    done.push(key);
  }
  await forgetKeys(world.db, claim, { id: row.id, keys: done });
  const outcome: Outcome = {
    id: row.id,
    version: row.version,
    done: true,
    state: isOut ? "withdrawn" : "published",
    code: null,
    sentence: row.sentence ?? (isOut ? "Taken out of the catalogue." : "Published."),
    hash: isOut ? null : row.itemHash,
    notes: {},
    waitSeconds: 0,
  };
  await close(world.db, claim, [outcome]);
  return { quiet: false, stop: false };
}

// It is there, or on its way there, as another product of this shop or of another one with the same account: taking it
// out would take that one out. A product that is held keeps what it had there before.
async function belongsToAnother(
  db: Db,
  { claim, id, key }: { claim: CatalogueClaim; id: string; key: string },
): Promise<boolean> {
  const { rows } = await db.query<{ is: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM "Publication" p JOIN "Connection" c ON c.id = p."connectionId" AND c."removedAt" IS NULL
       WHERE c."accountId" = $1 AND p.id <> $2 AND p.wants = 'publish'
         AND ((p.key = $3 AND p.state IN ('waiting', 'published')) OR $3 = ANY(p."keysThere"))) AS is`,
    [claim.accountId, id, key],
  );
  return rows[0]?.is === true;
}

async function forgetKeys(
  db: Db,
  claim: CatalogueClaim,
  { id, keys }: { id: string; keys: string[] },
): Promise<void> {
  if (keys.length === 0) return;
  await db.query(
    `UPDATE "Publication" SET "keysThere" = ARRAY(SELECT k FROM unnest("keysThere") AS k WHERE k <> ALL($4::text[])) WHERE id = $3 AND "connectionId" = $1 AND ${mine}`,
    [claim.connectionId, claim.fence, id, keys],
  );
}

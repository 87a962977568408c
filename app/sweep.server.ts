// Finds what nobody woke: every due row is seen within seconds, whatever became of its wake-up. Also frees what a
// dead worker held in the job queue.
import type { Sql } from "./db.server.ts";
import { log } from "./log.server.ts";
import { arePreviewsDue } from "./previews/preview-making.server.ts";
import { isPublishingDue } from "./products/due.server.ts";
import type { Step } from "./queue.server.ts";
import type { World } from "./world.server.ts";

// One cheap question for each step, each answered by a partial index.
const dueSteps = `
  SELECT step FROM (VALUES
    ('intake', EXISTS (SELECT 1 FROM "WebhookEvent" WHERE state = 'new' AND "nextRunAt" <= now())
            OR EXISTS (SELECT 1 FROM "Order" WHERE "readAgain" AND "nextRunAt" <= now())),
    -- Ordered, so that it is the index's: PostgreSQL takes every third order for one whose two numbers differ, and would
    -- read them all to find none.
    ('routing', (SELECT true FROM "Order" WHERE routed < version AND NOT "readAgain" AND facts IS NOT NULL AND "nextRunAt" <= now() ORDER BY "nextRunAt" LIMIT 1)),
    ('submission', EXISTS (SELECT 1 FROM "VendorOrder" WHERE status = 'waiting' AND "nextRunAt" <= now())),
    ('tracking', EXISTS (SELECT 1 FROM "VendorOrder" WHERE "trackAt" IS NOT NULL AND "trackAt" <= now())
              OR EXISTS (SELECT 1 FROM "VendorCallback" WHERE state <> 'done' AND "nextRunAt" <= now())),
    ('writeback', EXISTS (SELECT 1 FROM "Shipment" WHERE status = 'waiting' AND "nextRunAt" <= now())),
    ('artwork', EXISTS (SELECT 1 FROM "Artwork" WHERE state = 'new' AND "nextRunAt" <= now() AND "forgetAt" > now()))
  ) AS due(step, is_due) WHERE is_due`;

/** Wakes every step that has a due row. */
export async function wakeDueSteps(world: World): Promise<Step[]> {
  const due = (await world.db.query<{ step: Step }>(dueSteps)).rows.map(({ step }) => step);
  if (await isPublishingDue(world.db)) due.push("publishing");
  if (await arePreviewsDue(world)) due.push("previews");
  for (const step of due) world.wake(step);
  return due;
}

/** Says that this worker is alive. */
export async function heartbeat(sql: Sql, workerId: string): Promise<void> {
  await sql.query(
    `INSERT INTO "WorkerHeartbeat" ("workerId", at) VALUES ($1, now()) ON CONFLICT ("workerId") DO UPDATE SET at = now()`,
    [workerId],
  );
}

/**
 * Frees the jobs of queue workers whose process is silent for ten seconds: left alone, the queue would keep them
 * locked for four hours. Freeing too early is harmless, because a job is only a wake-up.
 */
export async function freeDeadWorkers(sql: Sql, workerId: string): Promise<void> {
  const silent = await sql.query<{ workerId: string }>(
    `DELETE FROM "WorkerHeartbeat" WHERE at < now() - interval '10 seconds' AND "workerId" <> $1 RETURNING "workerId"`,
    [workerId],
  );
  if (silent.rows.length === 0) return;
  // A wake-up holds no state of its own: those locked for longer than a drain may take are simply due again.
  const freed = await sql.query(
    `SELECT graphile_worker.force_unlock_workers(array_agg(DISTINCT locked_by)) FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL AND locked_at < now() - interval '10 seconds' HAVING count(*) > 0`,
  );
  log.warn({ workers: silent.rows.map((row) => row.workerId), freed: freed.rowCount }, "worker.found_dead");
}

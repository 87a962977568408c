// What a load balancer asks. /livez: does this process answer. /readyz: may it be given work, and is work being done.
import { readdir } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Pool } from "pg";
import { z } from "zod";
import { log } from "./log.server.ts";

/** Answers /livez and /readyz, and says of any other address that it is not its own. */
export type Health = (request: IncomingMessage, response: ServerResponse) => boolean;

// Overdue rather than old: a message that waits for its next try on purpose is not a backlog. The partial index
// of the inbox answers it at once, however many handled rows there are.
const question = `
  SELECT (SELECT count(*)::int FROM "_prisma_migrations"
          WHERE "finished_at" IS NOT NULL AND "rolled_back_at" IS NULL AND "migration_name" = ANY($1)) AS "migrations",
    coalesce((SELECT greatest(0, extract(epoch FROM now() - "nextRunAt"))::float8 FROM "WebhookEvent"
              WHERE "state" = 'new' ORDER BY "nextRunAt" LIMIT 1), 0) AS "overdueSeconds"`;
const notMigrated = "the database is not migrated; run: npm run migrate";
const reply = z.object({ migrations: z.number(), overdueSeconds: z.number() });

/** Makes the health answers. `draining` is true once the process was told to stop. */
export async function createHealth(db: Pool, { draining }: { draining: () => boolean }): Promise<Health> {
  const migrations = (await readdir("prisma/migrations", { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

  const ready = async (): Promise<{ ready: boolean; why?: string; oldestOverdueSeconds?: number }> => {
    if (draining()) return { ready: false, why: "stopping" };
    try {
      // The limit is pg's own: a database that takes longer for this is not ready for an order either.
      const config = { text: question, values: [migrations], query_timeout: 500 };
      const { rows } = await db.query(config);
      const state = reply.parse(rows[0]);
      if (state.migrations < migrations.length) return { ready: false, why: notMigrated };
      return { ready: true, oldestOverdueSeconds: Math.round(state.overdueSeconds * 10) / 10 };
    } catch (error) {
      log.warn({ err: error }, "health.database");
      // 42P01: the table that asks is not there, because nothing was ever migrated.
      const empty = error instanceof Error && "code" in error && error.code === "42P01";
      return { ready: false, why: empty ? notMigrated : "the database does not answer" };
    }
  };

  return (request, response) => {
    if (request.url === "/livez") {
      send(response, { status: 200, body: { alive: true } });
      return true;
    }
    if (request.url === "/readyz") {
      void ready().then((state) => send(response, { status: state.ready ? 200 : 503, body: state }));
      return true;
    }
    return false;
  };
}

function send(response: ServerResponse, { status, body }: { status: number; body: unknown }): void {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
    .end(JSON.stringify(body));
}

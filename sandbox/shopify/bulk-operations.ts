// Bulk operations of all shops: their life from CREATED to COMPLETED, FAILED or CANCELED, their files on disk and
// on the wire, and what may be planned to go wrong with them.
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { BulkQuery } from "./admin-api/bulk-query.ts";
import { bulkPages } from "./admin-api/bulk-run.ts";
import type { AdminContext } from "./admin-api/nodes.ts";
import type { Asked } from "./http.ts";
import { gid } from "./ids.ts";
import { localTime } from "./rest-line.ts";
import { note, timestamp, type Store } from "./store.ts";

/** One bulk operation as kept. Times are ISO with a Z; `reason` is the sandbox's own word for a failure. */
export interface BulkRecord {
  id: string;
  shop: string;
  text: string;
  status: "CREATED" | "RUNNING" | "COMPLETED" | "FAILED" | "CANCELING" | "CANCELED";
  errorCode: "ACCESS_DENIED" | "INTERNAL_SERVER_ERROR" | "TIMEOUT" | null;
  reason: string | null;
  createdAt: string;
  completedAt: string | null;
  objectCount: number;
  rootObjectCount: number;
  bytes: number;
  /** Unguessable, as the signature of Shopify's address is; also the file's name on disk. */
  token: string;
  /** Seven days after it ended, however it did, its file is gone. */
  expired: () => boolean;
}

/**
 * What becomes of an operation: `hold` it in RUNNING until released, `delay` it, or `fail` it once `afterObjects`
 * root objects were written; or of one download: `cut` the line after so many bytes, or `refuse` it with a status.
 */
export const bulkPlan = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("hold") }),
  z.object({ kind: z.literal("delay"), seconds: z.number().min(0) }),
  z.object({
    kind: z.literal("fail"),
    errorCode: z.enum(["ACCESS_DENIED", "INTERNAL_SERVER_ERROR", "TIMEOUT"]).default("INTERNAL_SERVER_ERROR"),
    afterObjects: z.number().int().min(0).default(0),
  }),
  z.object({ kind: z.literal("cut"), afterBytes: z.number().int().min(0) }),
  z.object({ kind: z.literal("refuse"), status: z.number().int() }),
]);
/** A plan for the next operation or download, e.g. { kind: "fail", afterObjects: 100 }. Each strikes once. */
export type BulkPlan = z.input<typeof bulkPlan>;
type Plan = z.output<typeof bulkPlan>;

/** What bulk operations share with the rest of the server. */
export interface BulkOptions {
  now: () => Date;
  /** How many one shop may run at once. Shopify: five since 2026-01, one before (shopify.dev, bulk operations). */
  atOnce: number;
  /** Where the files are downloaded from: this server itself, by default. */
  filesAt: () => string;
  /** Sends bulk_operations/finish where it is subscribed. */
  emit: (store: Store, body: Record<string, unknown>) => void;
}

const weekMilliseconds = 7 * 24 * 3600_000;
const filePath = /^\/bulk-operation-outputs\/([\w-]+)\.jsonl$/;

/** The bulk operations of all shops of a server. */
export function createBulk({ now, atOnce, filesAt, emit }: BulkOptions) {
  const records = new Map<string, BulkRecord[]>();
  const plans: Plan[] = [];
  /** What lets a waiting operation go on. */
  const gates = new Map<BulkRecord, () => void>();
  const working = new Set<Promise<void>>();
  let folder: Promise<string> | undefined;

  const of = (store: Store): BulkRecord[] => records.get(store.domain) ?? [];
  const pathOf = async ({ token }: BulkRecord) =>
    join(await (folder ??= mkdtemp(join(tmpdir(), "bulk-operations-"))), `${token}.jsonl`);

  function planned<Kind extends Plan["kind"]>(...kinds: Kind[]): Extract<Plan, { kind: Kind }> | undefined {
    const at = plans.findIndex(({ kind }) => (kinds as string[]).includes(kind));
    return at < 0 ? undefined : (plans.splice(at, 1)[0] as Extract<Plan, { kind: Kind }>);
  }

  /** Waits until it is let go on, by itself after so many seconds. */
  function wait(record: BulkRecord, seconds: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = seconds === null ? undefined : setTimeout(() => goOn(), seconds * 1000);
      const goOn = () => {
        clearTimeout(timer);
        gates.delete(record);
        resolve();
      };
      gates.set(record, goOn);
    });
  }

  async function work(
    { store, context }: { store: Store; context: AdminContext },
    asked: { record: BulkRecord; query: BulkQuery; groupObjects: boolean },
  ): Promise<void> {
    const { record } = asked;
    const plan = planned("hold", "delay", "fail");
    // A turn of its own: whoever started it sees it CREATED.
    await new Promise((turn) => setImmediate(turn));
    if (record.status === "CREATED") record.status = "RUNNING";
    if (plan?.kind === "hold") await wait(record, null);
    if (plan?.kind === "delay") await wait(record, plan.seconds);
    const file = await open(await pathOf(record), "w");
    const upTo = plan?.kind === "fail" ? plan.afterObjects : Infinity;
    try {
      for await (const page of bulkPages({ ...asked, upTo }, { store, context })) {
        if (isCancelled(record)) break;
        if ("errorCode" in page) {
          Object.assign(record, page);
          break;
        }
        await file.write(page.text);
        record.bytes += Buffer.byteLength(page.text);
        record.objectCount += page.objects;
        record.rootObjectCount += page.roots;
      }
      if (plan?.kind === "fail") Object.assign(record, { errorCode: plan.errorCode, reason: "planned" });
    } finally {
      await file.close();
    }
  }

  function conclude(store: Store, record: BulkRecord): void {
    const cancelled = isCancelled(record);
    record.status = cancelled ? "CANCELED" : record.errorCode ? "FAILED" : "COMPLETED";
    record.completedAt = timestamp(now());
    note(store, { what: "bulk operation", detail: `${record.id} ${record.status.toLowerCase()}` });
    emit(store, {
      admin_graphql_api_id: gid("BulkOperation", record.id),
      completed_at: record.status === "COMPLETED" ? localTime(record.completedAt) : null,
      created_at: localTime(record.createdAt),
      error_code: record.errorCode?.toLowerCase() ?? null,
      status: record.status.toLowerCase(),
      type: "query",
    });
  }

  return {
    of,
    find: (store: Store, id: string) => of(store).find((record) => record.id === id),

    /** The operation that keeps a new one from starting. */
    busy(store: Store): BulkRecord | undefined {
      const active = of(store).filter((record) => isActive(record));
      return active.length >= atOnce ? active.at(-1) : undefined;
    },

    /** Starts in the background; the record it gives is CREATED. */
    start(
      world: { store: Store; context: AdminContext },
      asked: { text: string; query: BulkQuery; groupObjects: boolean },
    ): BulkRecord {
      const { store } = world;
      const record: BulkRecord = {
        id: store.ids.other(),
        shop: store.domain,
        text: asked.text,
        status: "CREATED",
        errorCode: null,
        reason: null,
        createdAt: timestamp(now()),
        completedAt: null,
        objectCount: 0,
        rootObjectCount: 0,
        bytes: 0,
        token: randomUUID(),
        expired: () =>
          record.completedAt !== null && now().getTime() - Date.parse(record.completedAt) > weekMilliseconds,
      };
      records.set(store.domain, [...of(store), record]);
      const task = work(world, { ...asked, record })
        .catch((error: unknown) => {
          record.errorCode = "INTERNAL_SERVER_ERROR";
          record.reason = error instanceof Error ? error.message : "failed";
        })
        .then(() => {
          conclude(store, record);
          working.delete(task);
        });
      working.add(task);
      return record;
    },

    /** False when it is over already. A held or delayed one goes on, to find itself cancelled. */
    cancel(record: BulkRecord): boolean {
      if (!isActive(record)) return false;
      record.status = "CANCELING";
      gates.get(record)?.();
      return true;
    },

    /** Where its file is: nowhere when there is no line in it, or after a week. */
    urlOf: (record: BulkRecord): string | null =>
      record.bytes > 0 && !isActive(record) && !record.expired()
        ? `${filesAt()}/bulk-operation-outputs/${record.token}.jsonl?response-content-disposition=attachment`
        : null,

    plan: (plan: BulkPlan) => void plans.push(bulkPlan.parse(plan)),
    plans: () => plans,
    clearPlans: () => void plans.splice(0),
    /** Lets every held and delayed operation go on. */
    release(): void {
      for (const goOn of [...gates.values()]) goOn();
    },
    /** Resolves when no operation is under way. A held one keeps it waiting. */
    async settled(): Promise<void> {
      while (working.size > 0) await Promise.all(working);
    },

    /** Streams a file, if the request is for one. No token is asked for: the address itself is the secret. */
    async serve(asked: Asked, response: ServerResponse): Promise<boolean> {
      const token = filePath.exec(asked.path)?.[1];
      if (!token || asked.method !== "GET") return false;
      const record = [...records.values()].flat().find((one) => one.token === token);
      const plan = planned("cut", "refuse");
      if (!record || record.expired() || plan?.kind === "refuse") {
        response.writeHead(plan?.kind === "refuse" ? plan.status : 404, {
          "content-type": "application/xml",
        });
        response.end("<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code></Error>");
        return true;
      }
      response.writeHead(200, {
        "content-type": "application/jsonl",
        "content-length": record.bytes,
        "content-disposition": `attachment; filename="bulk-${record.id}.jsonl"`,
      });
      const end = plan?.kind === "cut" ? plan.afterBytes - 1 : record.bytes - 1;
      if (end >= 0) {
        const stream = createReadStream(await pathOf(record), { end });
        // pipe keeps the pace of the reader: the file never lies in memory. `cut` ends short of content-length.
        stream.pipe(response, { end: plan?.kind !== "cut" });
        stream.on("error", () => response.destroy());
        if (plan?.kind === "cut") stream.on("end", () => setImmediate(() => response.destroy()));
        response.on("close", () => stream.destroy());
      } else response.destroy();
      return true;
    },

    async stop(): Promise<void> {
      for (const record of [...records.values()].flat()) if (isActive(record)) record.status = "CANCELING";
      for (const goOn of [...gates.values()]) goOn();
      await Promise.all(working);
      if (folder) await rm(await folder, { recursive: true, force: true });
    },
  };
}

/** What `createBulk` gives. */
export type BulkOperations = ReturnType<typeof createBulk>;

function isActive({ status }: BulkRecord): boolean {
  return status === "CREATED" || status === "RUNNING" || status === "CANCELING";
}

/** Asked anew after every wait: the mutation that cancels runs in between. */
function isCancelled({ status }: BulkRecord): boolean {
  return status === "CANCELING";
}

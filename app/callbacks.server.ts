// A vendor's callback, from its request to a row: checked by the vendor's own rule, kept before it is answered, and
// worked in by the worker (app/orders/news.server.ts). Also how a vendor is told our address.
import { z } from "zod";
import { askOpen, openConnection, type OpenConnection } from "./connections/ask.server.ts";
import { recall, remember, type Memory } from "./connections/memory.server.ts";
import { columns, gone, openSettings, type ConnectionRow } from "./connections/row.server.ts";
import { inTransaction, isAway } from "./db.server.ts";
import { env } from "./env.server.ts";
import { log } from "./log.server.ts";
import { keepNews, lookNow } from "./orders/news.server.ts";
import { vendorById } from "./vendors/index.server.ts";
import { VendorError, type Callback, type CallbackRequest } from "./vendors/vendor.ts";
import type { World } from "./world.server.ts";

/** How much of a callback is read, in bytes: vendors' are a few KB. */
const maxBytes = 256 * 1024;

/** How long after registering a handshake is believed to be its answer. */
const pendingMinutes = 60;

/** Which address a callback came to. */
export interface CallbackAddress {
  vendorId: string;
  connectionId: string;
}

/**
 * Answers a vendor's request: 404 for an address that takes none, 401 when it is not the vendor's, 413 when it is larger
 * than any, 503 when it could not be kept, so that the vendor tells it again, and 200 once it is kept or of no use.
 */
export async function answerCallback(
  world: World,
  address: CallbackAddress,
  request: Request,
): Promise<Response> {
  const empty = (status: number): Response => new Response(null, { status });
  try {
    const open = await findReceiver(world, address);
    if (!open) return empty(404);
    const body = await readCapped(request);
    if (body === undefined) return empty(413);
    const headers = Object.fromEntries(request.headers);
    const contentType = headers["content-type"] ?? "";
    return empty(await takeCallback(world, open, { headers, contentType, body, now: new Date() }));
  } catch (error) {
    const away = isAway(error);
    log[away ? "warn" : "error"]({ err: error, ...address }, "callback.failed");
    return empty(away ? 503 : 500);
  }
}

// As text with its byte order mark, if it has one: the signature is over every byte.
async function readCapped(request: Request): Promise<string | undefined> {
  if (Number(request.headers.get("content-length") ?? "0") > maxBytes) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
    size += read.value.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(read.value);
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.concat(chunks, size));
}

/** The connection that a callback's address names; undefined when there is none that takes callbacks. */
async function findReceiver(
  world: World,
  { vendorId, connectionId }: CallbackAddress,
): Promise<OpenConnection | undefined> {
  const vendor = vendorById(vendorId);
  if (!vendor?.callbacks || !z.uuid().safeParse(connectionId).success) return undefined;
  // Not by shop: the vendor does not know it. The signature, or that nothing unsigned is believed, stands for it.
  const { rows } = await world.db.query<ConnectionRow>(
    `SELECT ${columns} FROM "Connection" WHERE id = $1 AND vendor = $2 AND "removedAt" IS NULL`,
    [connectionId, vendorId],
  );
  const [row] = rows;
  return row && { row, vendor, settings: openSettings(row) };
}

async function takeCallback(
  world: World,
  open: OpenConnection,
  request: CallbackRequest,
): Promise<200 | 401 | 503> {
  const { row, vendor, settings } = open;
  const where = { shop: row.shop, vendor: vendor.id, connection: row.id };
  try {
    const callback = await vendor.callbacks?.read(request, settings);
    if (!callback) return 401;
    if (callback.kind === "refused") {
      refusals.count({ ...where, why: callback.why });
      return 401;
    }
    log.info({ ...where, kind: callback.kind }, "callback.came");
    return await act(world, open, callback);
  } catch (error) {
    // The connection's settings cannot be read: nothing is lost, because the vendor tells it again.
    if (!(error instanceof VendorError)) throw error;
    log.warn({ ...where, err: error }, "callback.not_kept");
    return 503;
  }
}

async function act(
  world: World,
  open: OpenConnection,
  callback: Exclude<Callback, { kind: "refused" }>,
): Promise<200 | 503> {
  switch (callback.kind) {
    case "ignored":
      return 200;
    case "hint":
      if (open.vendor.orders?.track && (await lookNow(world.db, open.row, callback.about)))
        world.wake("tracking");
      return 200;
    case "news":
      await keepNews(world.db, open.row, callback);
      world.wake("tracking");
      return 200;
    case "handshake":
      return shakeHands(world, open, callback.word);
  }
}

// ------------------------------------------------------------------------------------------------- registering

/** How a connection's callbacks stand. */
export interface CallbackState {
  state: "registering" | "registered" | "failed";
  /** For the merchant. */
  sentence: string;
}

const stateSchema = z.object({
  state: z.enum(["registering", "registered", "failed"]),
  sentence: z.string(),
});

const memoryOf = (row: { shop: string; id: string }): Memory => ({
  shop: row.shop,
  connectionId: row.id,
  name: "app:callbacks",
});

/** Our address for a connection's callbacks. */
export function callbackAddress({ vendorId, connectionId }: CallbackAddress): string {
  return `${env.SHOPIFY_APP_URL.replace(/\/+$/, "")}/webhooks/vendors/${vendorId}/${connectionId}`;
}

/** What the connection's page says about callbacks; undefined for a vendor that makes none. */
export async function readCallbacks(
  world: World,
  at: { shop: string; connectionId: string },
): Promise<
  | {
      address: string;
      canRegister: boolean;
      state: CallbackState | undefined;
      changedAt: Date | undefined;
      /** When the vendor last told something that was kept. */
      lastAt: Date | undefined;
    }
  | undefined
> {
  const open = await openConnection(world, at);
  if (!open?.vendor.callbacks) return undefined;
  const { row, vendor } = open;
  const memory = await recall(world.db, memoryOf(row));
  const last = await world.db.query<{ at: Date | null }>(
    `SELECT max("receivedAt") AS at FROM "VendorCallback" WHERE "connectionId" = $1 AND shop = $2`,
    [row.id, row.shop],
  );
  return {
    address: callbackAddress({ vendorId: vendor.id, connectionId: row.id }),
    canRegister: open.vendor.callbacks.register !== undefined,
    state: memory && shownState(memory, vendor.label),
    changedAt: memory?.changedAt,
    lastAt: last.rows[0]?.at ?? undefined,
  };
}

function shownState({ value, changedAt }: { value: string; changedAt: Date }, label: string): CallbackState {
  const kept = stateOf(value);
  if (kept.state !== "registering" || isYoung(changedAt)) return kept;
  return {
    state: "failed",
    sentence: `${label} did not confirm the address within an hour. Register it again.`,
  };
}

const isYoung = (changedAt: Date): boolean => Date.now() - changedAt.getTime() < pendingMinutes * 60_000;

function stateOf(value: string): CallbackState {
  return stateSchema.parse(JSON.parse(value));
}

async function keepState(world: World, row: ConnectionRow, state: CallbackState): Promise<void> {
  await remember(world.db, { ...memoryOf(row), value: JSON.stringify(state) });
}

/**
 * Tells the vendor our address. It may ask back at once whether the address is ours: for an hour such a handshake is
 * answered. Doing it twice is harmless.
 */
export async function registerCallbacks(
  world: World,
  at: { shop: string; connectionId: string },
): Promise<{ done: true; sentence: string } | { refused: string }> {
  const open = await openConnection(world, at);
  if (!open) return { refused: gone };
  const { row, vendor, settings } = open;
  const register = vendor.callbacks?.register;
  if (!register) return { refused: `${vendor.label} cannot be told an address.` };
  const address = callbackAddress({ vendorId: vendor.id, connectionId: row.id });
  // Before the vendor hears of it, because its handshake may come before its answer.
  await keepState(world, row, { state: "registering", sentence: `${vendor.label} was told the address.` });
  const asked = await askOpen(world, open, (asking) => register(address, settings, asking));
  if ("refused" in asked) {
    await settle(world, row, { state: "failed", sentence: asked.refused });
    return { refused: asked.refused };
  }
  const isDone = vendor.callbacks?.confirm === undefined;
  await settle(world, row, { state: isDone ? "registered" : "registering", sentence: asked.answer });
  return { done: true, sentence: asked.answer };
}

// A handshake that was answered while the vendor still spoke to us is the last word.
async function settle(world: World, row: ConnectionRow, state: CallbackState): Promise<void> {
  await inTransaction(world.db, async (sql) => {
    await sql.query(`SELECT 1 FROM "VendorMemory" WHERE "connectionId" = $1 FOR UPDATE`, [row.id]);
    const memory = await recall(sql, memoryOf(row));
    if (memory && stateOf(memory.value).state === "registered") return;
    await remember(sql, { ...memoryOf(row), value: JSON.stringify(state) });
  });
}

async function shakeHands(world: World, open: OpenConnection, word: string): Promise<200 | 503> {
  const { row, vendor, settings } = open;
  const confirm = vendor.callbacks?.confirm;
  const memory = await recall(world.db, memoryOf(row));
  const isPending =
    memory !== undefined && stateOf(memory.value).state === "registering" && isYoung(memory.changedAt);
  // A handshake is not signed: one that nobody asked for is a stranger's, who wants to be told of our orders.
  if (!confirm || !isPending) return 200;
  const asked = await askOpen(world, open, (asking) => confirm(word, settings, asking));
  if ("refused" in asked) {
    log.warn({ connection: row.id, problem: asked.problem }, "callback.handshake_failed");
    if (asked.problem === "retry") return 503; // the vendor may knock again
    await keepState(world, row, { state: "failed", sentence: asked.refused });
    return 200;
  }
  await keepState(world, row, {
    state: "registered",
    sentence: `${vendor.label} has confirmed the address and tells Makerlane by itself how far orders are.`,
  });
  return 200;
}

// One line for many: somebody who floods the address with bad signatures must not flood the log too.
const refusals = ((): { count(about: Record<string, unknown>): void } => {
  let count = 0;
  return {
    count: (about) => {
      if (count++ > 0) return;
      setTimeout(() => {
        log.warn({ ...about, count }, "callback.refused");
        count = 0;
      }, 10_000).unref();
    },
  };
})();

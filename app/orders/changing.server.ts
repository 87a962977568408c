// What a person still does about a part that its vendor has: take it back, or bring an address up to date. Each try is
// an Attempt like any other, opened before it and closed after it, and the row's fence lets a double click do one.
import { randomUUID } from "node:crypto";
import { askOpen, type Answer, type OpenConnection } from "../connections/ask.server.ts";
import { sealJson } from "../crypto.server.ts";
import { inTransaction, type Sql } from "../db.server.ts";
import { log, withLogContext } from "../log.server.ts";
import type { Exchange } from "../vendors/http.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { VendorError, type Asking } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import { LeaseLost } from "./claim.server.ts";
import { partOf } from "./part.server.ts";
import { tell } from "./parcels.ts";
import { changedInShopify, hashOf } from "./remark.ts";
import { factsOf, openPart, sentOf, type AskedPart } from "./sent-part.server.ts";
import { standing, type Which } from "./standing.ts";

/** What came of it: the vendor's sentence, or why not. */
export type Changed = { done: true; sentence: string } | { refused: string };

/** What the order's page offers for a part: which calls its vendor has, and what to do instead. Pure of the vendor. */
export interface ChangingFacts {
  /** The vendor would say whether it takes the part as it is. */
  check: boolean;
  /** The part can be taken back by a button. */
  cancel: boolean;
  /** Its address can be brought up to date by a button. */
  update: boolean;
  /** The vendor makes files for it. */
  files: boolean;
  /** What the merchant does about what no button does. */
  instead: string;
}

/** The offers for a part of this vendor in this state. A vendor that is not known any more offers nothing. */
export function readChanging({ vendor, status }: { vendor: string; status: string }): ChangingFacts {
  const orders = vendorById(vendor)?.orders;
  const isThere = status === "sent";
  return {
    check: orders?.check !== undefined && (status === "waiting" || status === "held"),
    cancel: orders?.changing.cancel !== undefined && isThere,
    update: orders?.changing.update !== undefined && isThere,
    files: orders?.files !== undefined && (isThere || status === "shipped"),
    instead: orders?.changing.instead ?? "",
  };
}

/** Takes a part back at its vendor. Twice is harmless; what has left already is refused. */
export function cancelAtVendor(world: World, which: Which): Promise<Changed> {
  return change(world, which, {
    kind: "cancel",
    able: ({ vendor }) => vendor.orders?.changing.cancel !== undefined,
    talk: async ({ part, open }) => {
      const sent = sentOf(part);
      return async (asking) =>
        (await open.vendor.orders?.changing.cancel?.(sent, open.settings, asking)) ?? "";
    },
    finish: async (sql, { part, open, sentence }) => {
      const back = await sql.query(
        `UPDATE "VendorOrder" SET status = 'cancelled', code = 'taken back', sentence = $2, notice = NULL, "trackAt" = NULL, "changedAt" = now()
         WHERE id = $1 AND status = 'sent'`,
        [part.id, sentence],
      );
      const late =
        back.rowCount === 1 ? "" : " But a parcel with it has left meanwhile: ask the vendor what is true.";
      return `You took this part back at ${open.row.label}. ${sentence}${late}`;
    },
  });
}

/** Tells the vendor the address, note or total as they are today; never the lines. Twice is harmless. */
export function updateAtVendor(world: World, which: Which): Promise<Changed> {
  return change(world, which, {
    kind: "update",
    able: ({ vendor }) => vendor.orders?.changing.update !== undefined,
    talk: async ({ part, open }) => {
      const { vendor, settings } = open;
      const sent = sentOf(part);
      const facts = factsOf(part);
      const now = await partOf(world.db, { claim: part, facts, vendor, settings });
      const next = vendor.orders?.toPayload(now, settings);
      return async (asking) =>
        (await vendor.orders?.changing.update?.(next, sent, { settings, asking })) ?? "";
    },
    finish: async (sql, { part, open, sentence }) => {
      const { shippingAddress } = factsOf(part);
      await sql.query(
        `UPDATE "VendorOrder" SET "addressHash" = CASE WHEN "addressHash" IS NULL THEN NULL ELSE $2 END, "changedAt" = now(),
           notice = CASE WHEN starts_with(notice, $3) THEN NULL ELSE notice END WHERE id = $1`,
        [part.id, shippingAddress ? hashOf(shippingAddress) : null, changedInShopify],
      );
      // Routing looks again: what the vendor cannot be told of, the lines, is remarked on as before.
      await sql.query(
        `UPDATE "Order" SET version = version + 1, "nextRunAt" = now() WHERE id = $1 AND facts IS NOT NULL`,
        [part.orderId],
      );
      return `You sent today's details of this part to ${open.row.label}. ${sentence}`;
    },
  }).then((changed) => {
    if ("done" in changed) world.wake("routing");
    return changed;
  });
}

interface Changing {
  kind: "cancel" | "update";
  able(open: OpenConnection): boolean;
  /** Prepares the talk. Throws VendorError for what cannot be said. */
  talk(at: { part: AskedPart; open: OpenConnection }): Promise<(asking: Asking) => Promise<string>>;
  /** Writes what is true now, in the transaction that closes the try. Answers with the sentence for the story. */
  finish(sql: Sql, at: { part: AskedPart; open: OpenConnection; sentence: string }): Promise<string>;
}

async function change(world: World, which: Which, changing: Changing): Promise<Changed> {
  const found = await openPart(world.db, which);
  if ("refused" in found) return found;
  const { part, open } = found;
  if (!changing.able(open)) return { refused: open.vendor.orders?.changing.instead ?? "" };
  if (part.code === "taken back")
    return changing.kind === "cancel" ? alreadyBack : { refused: alreadyBack.sentence };
  if (part.status !== "sent") return { refused: standing({ ...part, label: open.row.label }) };
  let talk: (asking: Asking) => Promise<string>;
  try {
    talk = await changing.talk({ part, open });
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    return { refused: error.message };
  }
  const held = await begin(world, { part, kind: changing.kind });
  if (!held) return { refused: `This part is being worked on at this moment. Look again in a minute.` };
  return withLogContext(
    { shop: part.shop, order: part.orderId, vendorOrder: part.id, vendor: open.vendor.id },
    () => carryOut(world, { part, open, held, changing, talk }),
  );
}

const alreadyBack = { done: true as const, sentence: "This part was taken back already." };

interface Held {
  attemptId: string;
  fence: number;
}

// Longer than any single request and renewed before each; nobody else speaks for this part meanwhile.
const leaseSeconds = 60;

// Takes the part and opens the try, together. At an account with one basket nobody else may be in conversation.
function begin(
  world: World,
  { part, kind }: { part: AskedPart; kind: Changing["kind"] },
): Promise<Held | undefined> {
  return inTransaction(world.db, async (sql) => {
    const busy = await sql.query<{ id: string }>(
      `SELECT a.id FROM "Account" a JOIN "VendorOrder" v ON v."accountId" = a.id WHERE v.id = $1 AND a."atOnce" = 1 FOR UPDATE OF a`,
      [part.id],
    );
    const taken = await sql.query<{ fence: number }>(
      `UPDATE "VendorOrder" v SET "leaseUntil" = now() + $3 * interval '1 second', fence = v.fence + 1
       WHERE v.id = $1 AND v.shop = $2 AND v.status = 'sent' AND (v."leaseUntil" IS NULL OR v."leaseUntil" < now())
         AND ($4::uuid IS NULL OR NOT EXISTS (SELECT 1 FROM "VendorOrder" w WHERE w."accountId" = $4 AND w.id <> v.id AND w."leaseUntil" > now()))
       RETURNING v.fence`,
      [part.id, part.shop, leaseSeconds, busy.rows[0]?.id ?? null],
    );
    const fence = taken.rows[0]?.fence;
    if (fence === undefined) return undefined;
    const attemptId = randomUUID();
    await sql.query(
      `UPDATE "Attempt" SET "closedAt" = now(), outcome = 'interrupted', sentence = 'This try was interrupted.' WHERE "vendorOrderId" = $1 AND "closedAt" IS NULL`,
      [part.id],
    );
    await sql.query(
      `INSERT INTO "Attempt" (id, shop, "vendorOrderId", number, kind)
       SELECT $1, $2, $3, (SELECT coalesce(max(number), 0) + 1 FROM "Attempt" WHERE "vendorOrderId" = $3), $4`,
      [attemptId, part.shop, part.id, kind],
    );
    return { attemptId, fence };
  });
}

interface Conversation {
  part: AskedPart;
  open: OpenConnection;
  held: Held;
  changing: Changing;
  talk: (asking: Asking) => Promise<string>;
}

async function carryOut(world: World, conversation: Conversation): Promise<Changed> {
  const { part, open, held, changing, talk } = conversation;
  const exchanges: Exchange[] = [];
  const beforeSend = async (): Promise<void> => {
    const renewed = await world.db.query(
      `UPDATE "VendorOrder" SET "leaseUntil" = now() + $3 * interval '1 second' WHERE id = $1 AND fence = $2 AND "leaseUntil" > now()`,
      [part.id, held.fence, leaseSeconds],
    );
    if (renewed.rowCount !== 1) throw new LeaseLost();
  };
  try {
    const asked = await askOpen(world, { ...open, exchanges, beforeSend }, talk);
    log.info(
      {
        kind: changing.kind,
        problem: "refused" in asked ? asked.problem : undefined,
        requests: exchanges.length,
      },
      "changing.attempted",
    );
    return await end(world, conversation, { exchanges, asked });
  } catch (error) {
    if (error instanceof LeaseLost)
      return {
        refused:
          "This took too long. Look at the part again, then press once more: asking twice is harmless.",
      };
    // A fault of ours: the try is closed, so that the part is not kept from anybody.
    const refused = "Makerlane could not do this. Try again; if it stays, contact support.";
    await end(world, conversation, { exchanges, asked: { refused } });
    throw error;
  }
}

async function end(
  world: World,
  { part, open, held, changing }: Conversation,
  { exchanges, asked }: { exchanges: Exchange[]; asked: Answer<string> },
): Promise<Changed> {
  const isDone = "answer" in asked;
  const again =
    !isDone && asked.problem === "retry" ? " Press again in a moment: asking twice is harmless." : "";
  const sentence = isDone ? asked.answer : `${asked.refused}${again}`;
  await inTransaction(world.db, async (sql) => {
    const mine = await sql.query(
      `UPDATE "VendorOrder" SET "leaseUntil" = NULL WHERE id = $1 AND fence = $2 AND "leaseUntil" IS NOT NULL`,
      [part.id, held.fence],
    );
    if (mine.rowCount !== 1) throw new LeaseLost();
    const place = { table: "Attempt", column: "exchanges", shop: part.shop, row: held.attemptId };
    await sql.query(
      `UPDATE "Attempt" SET "closedAt" = now(), outcome = $2, sentence = $3, exchanges = $4 WHERE id = $1`,
      [
        held.attemptId,
        isDone ? "accepted" : (asked.problem ?? "our fault"),
        sentence,
        exchanges.length > 0 ? sealJson(exchanges, place) : null,
      ],
    );
    const story = isDone ? await changing.finish(sql, { part, open, sentence }) : sentence;
    const { shop, orderId, id: vendorOrderId } = part;
    await tell(sql, { shop, orderId, vendorOrderId, who: isDone ? "merchant" : "vendor", sentence: story });
  });
  return isDone ? { done: true, sentence } : { refused: sentence };
}

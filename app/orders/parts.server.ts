// Routing's last beat: writes what was decided, so that each line is in at most one VendorOrder for ever and what a
// vendor already has is never changed behind its back, only remarked on.
import { randomUUID } from "node:crypto";
import type { Sql } from "../db.server.ts";
import { saveLines } from "./lines.server.ts";
import { freePartName, referenceFor } from "./order-id.ts";
import type { OrderFacts, VendorOrderStatus } from "./order.ts";
import { hashOf, remarkOn, type Remedies } from "./remark.ts";
import { notice } from "./report.server.ts";
import type { ConnectionChoice, LineVerdict, Plan } from "./route-lines.ts";

/** A VendorOrder that an order already has. */
export interface ExistingPart {
  id: string;
  orderId: string;
  connectionId: string;
  part: string;
  /** Which of its vendor's groups its lines are in. */
  groupKey: string;
  status: VendorOrderStatus;
  code: string | null;
  /** Its buying request may be on the way: nobody knows what the vendor has. */
  committing: boolean;
  /** A worker is in conversation about it right now. */
  leased: boolean;
  approved: boolean;
  /** Something of it already lies at the vendor (a draft, a basket). */
  begun: boolean;
  /** Of the delivery address that was sent; null when none was. */
  addressHash: string | null;
  remedies: Remedies;
  lines: { id: string; quantity: number; title: string }[];
}

/** An order, what was decided about it, and the parts it has so far. */
export interface RoutedOrder {
  order: { id: string; shop: string; shopifyId: string; name: string; version: number; facts: OrderFacts };
  plan: Plan;
  parts: ExistingPart[];
}

/** Writes the plans of a batch of orders. Runs inside routing's transaction. */
export async function savePlan(sql: Sql, routed: RoutedOrder[]): Promise<void> {
  const quiet = routed.filter(({ parts }) => !parts.some(({ leased }) => leased));
  // A conversation is going on: it ends in seconds, then the change is judged by what came of it.
  const busy = routed.filter((entry) => !quiet.includes(entry)).map(({ order }) => order.id);
  if (busy.length > 0)
    await sql.query(`UPDATE "Order" SET "nextRunAt" = now() + interval '5 seconds' WHERE id = ANY($1)`, [
      busy,
    ]);
  if (quiet.length === 0) return;
  await saveLines(sql, quiet);
  for (const entry of quiet) await saveParts(sql, entry);
  await sql.query(
    `UPDATE "Order" SET status = now.status, sentence = now.sentence, routed = now.version, tries = 0
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[]) AS now(id, status, sentence, version) WHERE "Order".id = now.id`,
    [
      quiet.map(({ order }) => order.id),
      quiet.map((entry) => statusOf(entry)),
      quiet.map((entry) => (statusOf(entry) === "routed" ? null : (entry.plan.sentence ?? null))),
      quiet.map(({ order }) => order.version),
    ],
  );
}

// An order of which something was sent is a routed one, whatever happened to it afterwards.
function statusOf({ plan, parts }: RoutedOrder): Plan["status"] {
  const isSent = parts.some(({ status }) => status === "sent" || status === "shipped");
  return isSent && plan.status !== "held" ? "routed" : plan.status;
}

async function saveParts(sql: Sql, { order, plan, parts }: RoutedOrder): Promise<void> {
  const sent = parts.filter(({ status }) => status === "sent" || status === "shipped");
  // What may already be at the vendor is treated as if it were: only a person or a probe can say otherwise.
  // And what the merchant gave up or took back at the vendor stays so: a later edit does not order it again.
  const over = parts.filter(
    ({ status, code }) => status === "cancelled" && (code === "given up" || code === "taken back"),
  );
  const settled = [...sent, ...parts.filter((part) => part.committing && !sent.includes(part)), ...over];
  const settledLines = new Set(settled.flatMap(({ lines }) => lines.map(({ id }) => id)));
  for (const part of settled) if (!over.includes(part)) await remark(sql, { order, part, plan });

  const groups = new Map<string, Group>();
  for (const verdict of plan.status === "waiting" ? [] : plan.verdicts) {
    if (verdict.verdict !== "vendor" || !verdict.connection || settledLines.has(verdict.line.id)) continue;
    const { connection, group: groupKey = "" } = verdict;
    const name = `${connection.id} ${groupKey}`;
    const group = groups.get(name) ?? { connection, groupKey, lines: [] };
    group.lines.push(verdict);
    groups.set(name, group);
  }
  const open = parts.filter((part) => !settled.includes(part));
  const reused = new Set<string>();
  const names = parts.map(({ part }) => part);
  for (const { connection, groupKey, lines } of groups.values()) {
    const existing = open.find(
      (part) => part.connectionId === connection.id && part.groupKey === groupKey && !reused.has(part.id),
    );
    // A line that looks like this vendor's but is unmapped may belong into the same parcel: wait for it.
    const missing = plan.verdicts.find(
      ({ looksLikeVendor, group = "" }) => looksLikeVendor === connection.vendor && group === groupKey,
    );
    const target =
      existing ?? (await createPart(sql, { order, connection, groupKey, part: freePartName(names) }));
    reused.add(target.id);
    names.push(target.part);
    await updatePart(sql, { order, part: target, connection, lines, hold: missing?.reason });
  }
  for (const part of open.filter(({ id, status }) => !reused.has(id) && status !== "cancelled"))
    await emptyPart(sql, { order, part, plan });
}

interface Group {
  connection: ConnectionChoice;
  groupKey: string;
  lines: LineVerdict[];
}

type Change = Pick<RoutedOrder, "order"> & { part: ExistingPart };

async function createPart(
  sql: Sql,
  {
    order,
    connection,
    groupKey,
    part,
  }: Pick<RoutedOrder, "order"> & Pick<ExistingPart, "groupKey" | "part"> & { connection: ConnectionChoice },
): Promise<Target> {
  const id = randomUUID();
  // Fair between shops: a part takes its turn behind its own shop's last one, but never behind another shop's
  // backlog (measured beside a backlog of 5,000: 0.13 s instead of 7 s).
  await sql.query(
    `INSERT INTO "VendorOrder" (id, shop, "orderId", "connectionId", "accountId", vendor, part, reference, "nextRunAt", "groupKey", turn)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9 * interval '1 minute', $10, 1 + greatest(
       (SELECT coalesce(max(turn), 0) FROM "VendorOrder" WHERE shop = $2 AND status = 'waiting'),
       (SELECT coalesce(min(turn), 0) FROM "VendorOrder" WHERE status = 'waiting')))`,
    [
      id,
      order.shop,
      order.id,
      connection.id,
      connection.accountId,
      connection.vendor,
      part,
      referenceFor(order, part),
      connection.holdMinutes,
      groupKey,
    ],
  );
  const minutes = connection.holdMinutes;
  const when = connection.approve
    ? "It waits for your approval."
    : minutes === 0
      ? "It is sent now."
      : `It will be sent in ${minutes} minutes.`;
  await tell(sql, {
    order,
    vendorOrderId: id,
    sentence: `${connection.label} makes a part of this order. ${when}`,
  });
  return { id, part, status: "waiting", code: null, approved: false, lines: [] };
}

/** What of a part decides how it goes on. */
type Target = Pick<ExistingPart, "id" | "part" | "status" | "code" | "approved" | "lines">;

async function updatePart(
  sql: Sql,
  {
    order,
    part,
    connection,
    lines,
    hold,
  }: Pick<RoutedOrder, "order"> & {
    part: Target;
    connection: ConnectionChoice;
    lines: LineVerdict[];
    hold: string | undefined;
  },
): Promise<void> {
  await sql.query(
    `UPDATE "OrderLine" SET "vendorOrderId" = CASE WHEN "shopifyLineId" = ANY($3) THEN $2::uuid END
     WHERE "orderId" = $1 AND ("vendorOrderId" = $2 OR "shopifyLineId" = ANY($3))`,
    [order.id, part.id, lines.map(({ line }) => line.id)],
  );
  const isSame = same(part.lines, lines);
  if (hold !== undefined) await holdPart(sql, { part, code: "mapping", sentence: hold });
  else if (connection.approve && !part.approved) {
    await holdPart(sql, {
      part,
      code: "approval",
      sentence: "Waits for you: look at it, then press Approve.",
    });
  } else if (
    part.status === "held" &&
    (part.code === "mapping" ||
      (part.lines.length > 0 && ["payload", "needs photo", "rejected"].includes(part.code ?? "")))
  ) {
    // The merchant changed the order or the mapping, which is the way out that the hold's sentence named.
    await freePart(sql, part);
  } else if (part.status === "cancelled") await freePart(sql, part);
  if (!isSame && part.lines.length > 0)
    await tell(sql, {
      order,
      vendorOrderId: part.id,
      sentence: "The order was changed in Shopify before this part was sent. The change is in.",
    });
}

function same(before: { id: string; quantity: number }[], now: LineVerdict[]): boolean {
  return (
    before.length === now.length &&
    now.every(({ line }) => before.some(({ id, quantity }) => id === line.id && quantity === line.quantity))
  );
}

async function holdPart(
  sql: Sql,
  { part, code, sentence }: { part: Target; code: string; sentence: string },
): Promise<void> {
  await sql.query(
    `UPDATE "VendorOrder" SET status = 'held', code = $2, sentence = $3, "changedAt" = now() WHERE id = $1 AND status IN ('waiting', 'held', 'cancelled')`,
    [part.id, code, sentence],
  );
}

async function freePart(sql: Sql, part: Target): Promise<void> {
  await sql.query(
    `UPDATE "VendorOrder" SET status = 'waiting', code = NULL, sentence = NULL, tries = 0, "firstTryAt" = NULL, "changedAt" = now(),
       "nextRunAt" = greatest("nextRunAt", now()) WHERE id = $1 AND status IN ('held', 'cancelled')`,
    [part.id],
  );
}

// Nothing of this part is wanted any more. What already lies at the vendor (a draft, a basket) is taken back by
// submission, which sees that no line is left; otherwise it ends here.
async function emptyPart(sql: Sql, { order, part, plan }: Change & { plan: Plan }): Promise<void> {
  if (plan.status === "waiting") return;
  await sql.query(`UPDATE "OrderLine" SET "vendorOrderId" = NULL WHERE "vendorOrderId" = $1`, [part.id]);
  const sentence = plan.cancelled
    ? "Cancelled in Shopify before it was sent. Nothing was ordered."
    : "No line of it is left. Nothing was ordered.";
  if (part.begun) {
    await sql.query(
      `UPDATE "VendorOrder" SET status = 'waiting', code = NULL, sentence = $2, "nextRunAt" = greatest("nextRunAt", now()), "changedAt" = now() WHERE id = $1`,
      [part.id, sentence],
    );
    return;
  }
  await sql.query(
    `UPDATE "VendorOrder" SET status = 'cancelled', code = NULL, sentence = $2, "changedAt" = now() WHERE id = $1`,
    [part.id, sentence],
  );
  await tell(sql, { order, vendorOrderId: part.id, sentence });
}

// What was sent cannot be changed from here; silence would be worse than a task for the merchant.
async function remark(sql: Sql, { order, part, plan }: Change & { plan: Plan }): Promise<void> {
  const { shippingAddress } = order.facts;
  const sentence = remarkOn(
    {
      cancelled: plan.cancelled,
      lines: part.lines.flatMap(({ id, quantity, title }) => {
        const now = plan.cancelled
          ? 0
          : (plan.verdicts.find(({ line }) => line.id === id)?.line.quantity ?? 0);
        return now === quantity ? [] : [`“${title}” is now ${now} instead of ${quantity}`];
      }),
      address:
        part.addressHash !== null &&
        shippingAddress !== undefined &&
        hashOf(shippingAddress) !== part.addressHash,
    },
    part.remedies,
  );
  if (sentence === undefined) return;
  await notice(
    sql,
    { shop: order.shop, orderId: order.id, vendorOrderId: part.id },
    { who: "app", sentence },
  );
}

async function tell(
  sql: Sql,
  {
    order,
    vendorOrderId,
    sentence,
  }: Pick<RoutedOrder, "order"> & { vendorOrderId: string; sentence: string },
): Promise<void> {
  await sql.query(
    `INSERT INTO "TimelineEntry" (shop, "orderId", "vendorOrderId", sentence) VALUES ($1, $2, $3, $4)`,
    [order.shop, order.id, vendorOrderId, sentence],
  );
}

// Routing's last beat: writes what was decided, so that each line is in at most one VendorOrder for ever and what a
// vendor already has is never changed behind its back, only remarked on.
import type { Sql } from "../db.server.ts";
import { saveLines } from "./lines.server.ts";
import { createPart, tellOfPart, updatePart } from "./one-part.server.ts";
import { freePartName } from "./order-id.ts";
import { hashOf, remarkOn } from "./remark.ts";
import { notice } from "./report.server.ts";
import type { ConnectionChoice, LineVerdict, Plan } from "./route-lines.ts";
import { isWithVendor, type ExistingPart, type RoutedOrder } from "./routed-order.ts";

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
  const written: Written[] = [];
  for (const entry of quiet) written.push(standingOf(entry, await saveParts(sql, entry)));
  await sql.query(
    `UPDATE "Order" SET status = now.status, sentence = now.sentence, routed = now.version, tries = 0
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[]) AS now(id, status, sentence, version) WHERE "Order".id = now.id`,
    [
      quiet.map(({ order }) => order.id),
      written.map(({ status }) => status),
      written.map(({ sentence }) => sentence),
      quiet.map(({ order }) => order.version),
    ],
  );
}

interface Written {
  status: Plan["status"];
  sentence: string | null;
}

// An order of which something was sent is a routed one, whatever happened to it afterwards.
function standingOf({ plan, parts }: RoutedOrder, doubt: string | undefined): Written {
  const isSent = parts.some(({ status }) => status === "sent" || status === "shipped");
  if (isSent && plan.status !== "held" && doubt === undefined) return { status: "routed", sentence: null };
  if (plan.status === "routed" && doubt !== undefined) return { status: "held", sentence: doubt };
  return { status: plan.status, sentence: plan.status === "routed" ? null : (plan.sentence ?? null) };
}

/** Answers with the sentence of what waits for a part in doubt. */
async function saveParts(sql: Sql, { order, plan, parts }: RoutedOrder): Promise<string | undefined> {
  const theirs = parts.filter(isWithVendor);
  // What the merchant gave up or took back at the vendor stays so: a later edit does not order it again.
  const over = parts.filter(
    ({ status, code }) => status === "cancelled" && (code === "given up" || code === "taken back"),
  );
  const settled = [...theirs, ...over];
  const settledLines = new Set(settled.flatMap(({ lines }) => lines.map(({ id }) => id)));
  for (const part of theirs) await remark(sql, { order, part, plan });

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
  let doubt: string | undefined;
  for (const { connection, groupKey, lines } of groups.values()) {
    const unclear = parts.find(
      (part) => isInDoubt(part) && part.connectionId === connection.id && part.groupKey === groupKey,
    );
    if (unclear) {
      doubt = await waitForPart(sql, { order, connection, lines });
      continue;
    }
    const existing = open.find(
      (part) => part.connectionId === connection.id && part.groupKey === groupKey && !reused.has(part.id),
    );
    // A line that looks like this vendor's but is unmapped may belong into the same parcel: wait for it.
    const missing = plan.verdicts.find(
      ({ looksLikeVendor, group = "" }) => looksLikeVendor === connection.vendor && group === groupKey,
    );
    const target =
      existing ?? (await createPart(sql, { order, connection, groupKey, lines, part: freePartName(names) }));
    reused.add(target.id);
    names.push(target.part);
    await updatePart(sql, { order, part: target, connection, lines, hold: missing?.reason });
  }
  for (const part of open.filter(({ id, status }) => !reused.has(id) && status !== "cancelled"))
    await emptyPart(sql, { order, part, plan });
  return doubt;
}

function isInDoubt({ committing, status }: ExistingPart): boolean {
  return committing && (status === "waiting" || status === "held");
}

// Whether these lines go with that part or after it depends on what became of it; what settles it routes the order again.
async function waitForPart(
  sql: Sql,
  { order, connection, lines }: Pick<RoutedOrder, "order"> & Pick<Group, "connection" | "lines">,
): Promise<string> {
  const sentence = `${connection.label} may have a part of this order already. What was added since goes on by itself when that is known.`;
  await sql.query(
    `UPDATE "OrderLine" SET verdict = 'held', reason = $3 WHERE "orderId" = $1 AND "shopifyLineId" = ANY($2)`,
    [order.id, lines.map(({ line }) => line.id), sentence],
  );
  return sentence;
}

interface Group {
  connection: ConnectionChoice;
  groupKey: string;
  lines: LineVerdict[];
}

type Change = Pick<RoutedOrder, "order"> & { part: ExistingPart };

// Nothing of this part is wanted any more. What already lies at the vendor (a draft, a basket) is taken back by
// submission, which sees that no line is left; otherwise it ends here.
async function emptyPart(sql: Sql, { order, part, plan }: Change & { plan: Plan }): Promise<void> {
  if (plan.status === "waiting") return takeOut(sql, part, plan);
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
  await tellOfPart(sql, { order, vendorOrderId: part.id, sentence });
}

// What was paid before is made while something else is not paid yet, but not what somebody has fulfilled meanwhile.
async function takeOut(sql: Sql, part: ExistingPart, plan: Plan): Promise<void> {
  const gone = plan.verdicts.filter(({ verdict }) => verdict === "not ours").map(({ line }) => line.id);
  await sql.query(
    `UPDATE "OrderLine" SET "vendorOrderId" = NULL WHERE "vendorOrderId" = $1 AND "shopifyLineId" = ANY($2)`,
    [part.id, gone],
  );
}

const moreIsNotMade = "If more are to be made, order them at the vendor yourself.";

// What was sent cannot be changed from here; silence would be worse than a task for the merchant. What has left cannot be
// stopped either, so a return or a cancellation afterwards is none; only more pieces than were made are.
async function remark(sql: Sql, { order, part, plan }: Change & { plan: Plan }): Promise<void> {
  const { shippingAddress } = order.facts;
  const hasLeft = part.status === "shipped";
  const sentence = remarkOn(
    {
      cancelled: plan.cancelled && !hasLeft,
      lines: part.lines.flatMap(({ id, quantity, title }) => {
        const now = plan.cancelled
          ? 0
          : (plan.verdicts.find(({ line }) => line.id === id)?.line.quantity ?? 0);
        return now === quantity || (hasLeft && now < quantity)
          ? []
          : [`“${title}” is now ${now} instead of ${quantity}`];
      }),
      address:
        !hasLeft &&
        part.addressHash !== null &&
        shippingAddress !== undefined &&
        hashOf(shippingAddress) !== part.addressHash,
    },
    hasLeft ? { ...part.remedies, cancel: false, instead: moreIsNotMade } : part.remedies,
  );
  if (sentence === undefined) return;
  await notice(
    sql,
    { shop: order.shop, orderId: order.id, vendorOrderId: part.id },
    { who: "app", sentence },
  );
}

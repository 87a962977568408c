// One part of an order as routing writes it: made, given its lines, held, let go.
import { randomUUID } from "node:crypto";
import type { Sql } from "../db.server.ts";
import { referenceFor } from "./order-id.ts";
import type { ConnectionChoice, LineVerdict } from "./route-lines.ts";
import type { ExistingPart, RoutedOrder } from "./routed-order.ts";

/** Makes a part; it is sent when its connection's hold window is over. */
export async function createPart(
  sql: Sql,
  { order, connection, groupKey, lines, part }: Wanted & Pick<ExistingPart, "groupKey" | "part">,
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
  const when = whyLook({ order, connection, lines })
    ? "It waits for your approval."
    : minutes === 0
      ? "It is sent now."
      : `It will be sent in ${minutes} minutes.`;
  await tellOfPart(sql, {
    order,
    vendorOrderId: id,
    sentence: `${connection.label} makes a part of this order. ${when}`,
  });
  return { id, part, status: "waiting", code: null, approved: false, lines: [] };
}

type Wanted = Pick<RoutedOrder, "order"> & { connection: ConnectionChoice; lines: LineVerdict[] };

// Why a person looks at it before it is sent; undefined when nobody has to.
function whyLook({ order, connection, lines }: Wanted): string | undefined {
  if (order.older)
    return "This order is older than Makerlane in your shop. Look whether the vendor has it already; if not, press Approve.";
  const passed = lines.find(({ passedBy }) => passedBy);
  if (passed)
    return `“${passed.line.title}” had no vendor when it was ordered. Look whether it was made already; if not, press Approve.`;
  return connection.approve ? "Waits for you: look at it, then press Approve." : undefined;
}

/** What of a part decides how it goes on. */
export type Target = Pick<ExistingPart, "id" | "part" | "status" | "code" | "approved" | "lines">;

/** Gives a part its lines, and holds it or lets it go as its connection wants it. */
export async function updatePart(
  sql: Sql,
  { order, part, connection, lines, hold }: Wanted & { part: Target; hold: string | undefined },
): Promise<void> {
  await sql.query(
    `UPDATE "OrderLine" SET "vendorOrderId" = CASE WHEN "shopifyLineId" = ANY($3) THEN $2::uuid END
     WHERE "orderId" = $1 AND ("vendorOrderId" = $2 OR "shopifyLineId" = ANY($3))`,
    [order.id, part.id, lines.map(({ line }) => line.id)],
  );
  const isSame = same(part.lines, lines);
  // No buying request of it is open, so what is sent may change again: submission takes back first what an earlier try
  // left at the vendor, or asks a person where it cannot. And an approval is of what was looked at.
  await sql.query(
    `UPDATE "VendorOrder" SET "frozenAt" = NULL, "approvedAt" = CASE WHEN $2::boolean THEN "approvedAt" END
     WHERE id = $1 AND ("frozenAt" IS NOT NULL OR ("approvedAt" IS NOT NULL AND NOT $2::boolean))`,
    [part.id, isSame],
  );
  const look = part.approved && isSame ? undefined : whyLook({ order, connection, lines });
  if (hold !== undefined) await holdPart(sql, { part, code: "mapping", sentence: hold });
  else if (look !== undefined) await holdPart(sql, { part, code: "approval", sentence: look });
  else if (
    part.status === "held" &&
    (part.code === "mapping" ||
      (part.lines.length > 0 && ["payload", "needs photo", "rejected"].includes(part.code ?? "")))
  ) {
    // The merchant changed the order or the mapping, which is the way out that the hold's sentence named.
    await freePart(sql, part);
  } else if (part.status === "cancelled") await freePart(sql, part);
  if (!isSame && part.lines.length > 0)
    await tellOfPart(sql, {
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

/** Adds what routing did with a part to the order's story. */
export async function tellOfPart(
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

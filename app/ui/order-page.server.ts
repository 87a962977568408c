// Everything the page of one order shows, read by shop: plain values that may go to a browser. What was sent, and
// any personal data in it, is not among them; it comes only when asked for (app/ui/evidence.server.ts).
import { openJson } from "../crypto.server.ts";
import { log } from "../log.server.ts";
import { readChanging } from "../orders/changing.server.ts";
import type { OrderFacts, Property } from "../orders/order.ts";
import { leftOver, type Pieces } from "../orders/parcels.ts";
import { hashOf } from "../orders/remark.ts";
import type { Exchange } from "../vendors/http.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { prisma } from "../world.server.ts";
import { safeLink } from "./links.ts";
import { isBeingRead, isPartMoving } from "./moving.ts";
import { offersFor } from "./offers.ts";
import { standingOf } from "./part-standing.server.ts";
import { attemptSentence, lineBadge, orderBadge, partBadge, partSaying } from "./standing.ts";

// More than this is not read by anybody in one go, and would make the page slow.
const maxTimeline = 200;
const maxAttempts = 20;

const parts = {
  orderBy: { part: "asc" },
  include: {
    connection: true,
    account: { select: { quarantine: true, holderId: true } },
    lines: { orderBy: { position: "asc" } },
    shipments: { orderBy: { createdAt: "asc" } },
    attempts: { orderBy: { number: "desc" }, take: maxAttempts },
    _count: { select: { attempts: true } },
  },
} as const;

function findOrder(shop: string, id: string) {
  return prisma.order.findFirst({
    where: { id, shop },
    include: {
      lines: { orderBy: { position: "asc" } },
      vendorOrders: parts,
      timeline: { orderBy: { id: "desc" }, take: maxTimeline + 1 },
    },
  });
}

type OrderRow = NonNullable<Awaited<ReturnType<typeof findOrder>>>;
type PartRow = OrderRow["vendorOrders"][number];

/** One order for its page, or undefined when this shop has none with this id. Times are ISO 8601. */
export async function readOrderPage({ shop, id, now }: { shop: string; id: string; now: Date }) {
  const order = await findOrder(shop, id);
  if (!order) return undefined;
  const { facts, unreadable } = readFacts(order);
  const makers = new Map(
    order.vendorOrders.map(({ id, status, code, connection }) => [
      id,
      { label: connection.label, status, code },
    ]),
  );
  return {
    id: order.id,
    shopifyId: order.shopifyId,
    name: order.name,
    status: order.status,
    sentence: order.sentence,
    badge: orderBadge({ status: order.status, isCancelled: order.cancelledAt !== null }),
    placedAt: order.placedAt.toISOString(),
    cancelledAt: order.cancelledAt?.toISOString(),
    paid: order.paid,
    test: order.test,
    forgetAt: order.forgetAt?.toISOString(),
    isForgotten: order.facts === null,
    unreadable,
    destination: facts && destinationOf(facts),
    shipping: facts?.shippingLines.map((line) => line.title ?? line.code ?? "").filter(Boolean) ?? [],
    lines: order.lines.map((line) => ({
      id: line.id,
      title: titleOf(line),
      sku: line.sku,
      quantity: line.quantity,
      variantId: line.variantId,
      verdict: line.verdict,
      reason: line.reason,
      badge: lineBadge({ ...line, maker: makers.get(line.vendorOrderId ?? "") }),
      properties: propertiesOf(facts, line.shopifyLineId),
    })),
    parts: order.vendorOrders.map((part) => partOf(part, { now, order, facts })),
    isMoving: isBeingRead(order) || order.vendorOrders.some((part) => isPartMoving(part, now)),
    timeline: timelineOf(order),
    isTimelineCut: order.timeline.length > maxTimeline,
  };
}

/** What the page of an order is given. */
export type OrderPage = NonNullable<Awaited<ReturnType<typeof readOrderPage>>>;
/** One vendor's part on that page. */
export type PartView = OrderPage["parts"][number];

// A key that is gone must not take the whole page with it: the states and the buttons still work.
function readFacts(order: Pick<OrderRow, "id" | "shop" | "facts">): {
  facts?: OrderFacts;
  unreadable: boolean;
} {
  if (order.facts === null) return { unreadable: false };
  try {
    const place = { table: "Order", column: "facts", shop: order.shop, row: order.id };
    return { facts: openJson(order.facts, place) as OrderFacts, unreadable: false };
  } catch (error) {
    log.error({ err: error, order: order.id }, "page.facts_unreadable");
    return { unreadable: true };
  }
}

function destinationOf(facts: OrderFacts): string | undefined {
  const { city, zip, countryCode } = facts.shippingAddress ?? {};
  const place = [[zip, city].filter(Boolean).join(" "), countryCode].filter(Boolean).join(", ");
  return place === "" ? undefined : place;
}

function titleOf(line: { title: string; variantTitle: string | null }): string {
  return line.variantTitle ? `${line.title}, ${line.variantTitle}` : line.title;
}

function propertiesOf(facts: OrderFacts | undefined, lineId: string): Property[] {
  return facts?.lines.find((line) => line.id === lineId)?.properties ?? [];
}

interface Around {
  now: Date;
  order: Pick<OrderRow, "timeline" | "updatedAt" | "redactedAt" | "readAgain" | "sentence">;
  facts: OrderFacts | undefined;
}

function partOf(part: PartRow, { now, order, facts }: Around) {
  const vendor = vendorById(part.vendor);
  const changing = readChanging(part);
  // Without the connection's settings nothing can be asked of the vendor any more.
  const isRemoved = part.connection.removedAt !== null;
  const can = isRemoved ? { check: false, update: false, cancel: false, files: false } : changing;
  const lines = part.lines.map((line) => ({
    lineId: line.shopifyLineId,
    title: titleOf(line),
    quantity: line.sentQuantity ?? line.quantity,
  }));
  const left = leftOver(
    lines,
    part.shipments.map((shipment) => shipment.lines as unknown as Pieces[]),
  );
  const unshipped = left.map(({ lineId, quantity }) => ({
    lineId,
    quantity,
    title: lines.find((line) => line.lineId === lineId)?.title ?? "",
  }));
  const standing = standingOf(part, order);
  const isAddressNew = isElsewhere(facts, part.addressHash);
  return {
    id: part.id,
    reference: part.reference,
    vendorLabel: standing.vendorLabel,
    connection: { id: part.connectionId, label: part.connection.label, vendor: part.vendor },
    badge: partBadge(standing),
    saying: partSaying(standing, now.toISOString()),
    offers: offersFor({
      ...standing,
      connectionStatus: part.connection.status,
      notice: part.notice,
      quarantine: part.account.quarantine,
      unshipped: unshipped.length,
      can,
      isChanged: isAddressNew || (part.sentAt !== null && part.sentAt < order.updatedAt),
    }),
    /** The parcel goes to another address than the vendor was told. */
    isAddressNew,
    hasFiles: can.files,
    /** What the merchant does about what no button does; only while something could still be done. */
    instead:
      part.status === "sent" && !(can.update && can.cancel) && changing.instead !== ""
        ? changing.instead
        : undefined,
    /** The vendor itself said what the notice says, and whether it will say no more. */
    noticeBy: noticeBy(part, order.timeline),
    isLastWord: vendor?.orders?.track !== undefined && part.trackAt === null,
    status: part.status,
    code: part.code,
    isRetrying: part.status === "waiting" && part.tries > 0,
    notice: part.notice,
    quarantine: part.account.quarantine,
    vendorNumber: part.vendorNumber,
    vendorState: part.vendorState,
    sentAt: part.sentAt?.toISOString(),
    hasPayload: part.payload !== null,
    payloadHash: part.payloadHash,
    lines,
    unshipped,
    shipments: part.shipments.map((shipment) => ({
      id: shipment.id,
      carrier: shipment.carrier,
      trackingNumber: shipment.trackingNumber,
      trackingUrl: safeLink(shipment.trackingUrl),
      status: shipment.status,
      sentence: shipment.sentence,
      toldAt: shipment.toldAt?.toISOString(),
      pieces: (shipment.lines as unknown as Pieces[]).reduce((sum, { quantity }) => sum + quantity, 0),
    })),
    attempts: part.attempts.map((attempt) => attemptOf(attempt)),
    attemptsLeftOut: part._count.attempts - part.attempts.length,
  };
}

// As routing compares them: a payload that names no address has no hash, and its parcel goes elsewhere in any case.
function isElsewhere(facts: OrderFacts | undefined, addressHash: string | null): boolean {
  const { shippingAddress } = facts ?? {};
  return addressHash !== null && shippingAddress !== undefined && hashOf(shippingAddress) !== addressHash;
}

function noticeBy(part: PartRow, timeline: OrderRow["timeline"]): "vendor" | "app" | undefined {
  if (part.notice === null) return undefined;
  const { id, notice } = part;
  // Ours may stand behind the vendor's, which is still the one to act on.
  const isVendors = timeline.some(
    ({ vendorOrderId, who, sentence }) =>
      vendorOrderId === id && who === "vendor" && (notice === sentence || notice.startsWith(`${sentence} `)),
  );
  return isVendors ? "vendor" : "app";
}

function attemptOf(attempt: PartRow["attempts"][number]) {
  return {
    id: attempt.id,
    sentence: attemptSentence(attempt),
    at: attempt.openedAt.toISOString(),
    exchanges: exchangesOf(attempt).map(({ kind, method, url, status, milliseconds, problem }) => ({
      kind,
      method,
      path: pathOf(url),
      status,
      milliseconds,
      problem,
    })),
  };
}

/** The exchanges of one try, masked when they were stored. None when they are gone or cannot be opened. */
export function exchangesOf(attempt: { id: string; shop: string; exchanges: Uint8Array | null }): Exchange[] {
  if (attempt.exchanges === null) return [];
  try {
    const place = { table: "Attempt", column: "exchanges", shop: attempt.shop, row: attempt.id };
    return openJson(attempt.exchanges, place) as Exchange[];
  } catch (error) {
    log.error({ err: error, attempt: attempt.id }, "page.exchanges_unreadable");
    return [];
  }
}

// Only the path: what a vendor wants in its query is nobody's to read on a screen.
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : "";
}

function timelineOf(order: OrderRow) {
  const references = new Map(order.vendorOrders.map((part) => [part.id, part.connection.label]));
  return order.timeline.slice(0, maxTimeline).map((entry) => ({
    id: String(entry.id),
    at: entry.at.toISOString(),
    who: entry.who,
    sentence: entry.sentence,
    part: entry.vendorOrderId ? references.get(entry.vendorOrderId) : undefined,
  }));
}

// The decision of routing, pure: which line goes to which connection, and why the others go nowhere.
import type { LineFacts, OrderFacts, OrderStatus } from "./order.ts";

/** What routing needs to know of a Mapping. */
export interface MappingChoice {
  variantId: string;
  sku: string | null;
  connectionId: string;
}

/** What routing needs to know of a Connection. */
export interface ConnectionChoice {
  id: string;
  label: string;
  vendor: string;
  vendorLabel: string;
  accountId: string;
  holdMinutes: number;
  approve: boolean;
  takesTestOrders: boolean;
  removed: boolean;
}

/** What becomes of one line. `looksLikeVendor` is set on a held line that no Mapping covers. */
export interface LineVerdict {
  line: LineFacts;
  verdict: "vendor" | "not ours" | "held";
  reason?: string;
  connection?: ConnectionChoice;
  looksLikeVendor?: string;
  /** Which of the vendor's groups it is in: lines of different groups become parts of their own. */
  group?: string;
  /** It had no vendor when it was to be made: somebody may have ordered it elsewhere since. */
  passedBy?: true;
  /** Pieces of it that somebody fulfilled by hand; `line` is about the others. */
  elsewhere?: number;
}

/** What becomes of the order as a whole, and of each of its lines. */
export interface Plan {
  status: Exclude<OrderStatus, "routing">;
  sentence?: string;
  verdicts: LineVerdict[];
  /** True when nothing of it may be sent any more. */
  cancelled: boolean;
}

/** What of a line was settled before this look at the order. */
export interface LineBefore {
  /** A vendor has it, or may have it. */
  isWithVendor: boolean;
  /** It had no vendor when it was to be made. */
  wasPassedBy: boolean;
  /** Pieces that had been fulfilled by hand when the vendor was sent the rest. */
  elsewhere: number;
}

interface Question {
  facts: OrderFacts;
  trigger: "paid" | "create";
  matchBySku: boolean;
  /** The shop no longer has the app: a late webhook must not lead to an order when it comes back. */
  uninstalled?: boolean;
  mappings: MappingChoice[];
  connections: ConnectionChoice[];
  before(lineId: string): LineBefore;
  /** The vendor whose goods this line looks like, without a Mapping. */
  looksLike(line: LineFacts): { id: string; label: string } | undefined;
  /** Which group of this vendor's a line is in; "" for a vendor that takes all lines together. */
  groupOf(vendor: string, line: LineFacts): string;
}

/** Decides for every line. What a shopper typed never chooses anything: the Mapping of the paid variant does. */
export function routeLines(question: Question): Plan {
  const { facts } = question;
  const verdicts = facts.lines.map((given): LineVerdict => {
    const verdict = routeLine(given, question);
    return { ...verdict, elsewhere: given.quantity - verdict.line.quantity };
  });
  const ours = verdicts.filter(({ verdict }) => verdict === "vendor");
  const held = verdicts.filter(({ verdict }) => verdict === "held");
  if (question.uninstalled) {
    const sentence = "The app was not installed when this order came.";
    return { status: "not ours", sentence, verdicts: verdicts.map(withdrawn(sentence)), cancelled: false };
  }
  if (facts.cancelledAt !== undefined) {
    return {
      status: "not ours",
      sentence: "The order was cancelled in Shopify.",
      verdicts: verdicts.map(withdrawn("The order was cancelled.")),
      cancelled: true,
    };
  }
  if (ours.length === 0 && held.length === 0) {
    return { status: "not ours", sentence: whyNotOurs(verdicts), verdicts, cancelled: false };
  }
  if (!isTriggered(question)) {
    return {
      status: "waiting",
      sentence: "Waits until Shopify says that it is paid.",
      verdicts,
      cancelled: false,
    };
  }
  if (held.length > 0)
    return {
      status: "held",
      sentence: held[0]?.reason ?? "A line waits for you.",
      verdicts,
      cancelled: false,
    };
  return { status: "routed", verdicts, cancelled: false };
}

function isTriggered({ trigger, facts }: Question): boolean {
  return trigger === "create" || facts.paid;
}

function withdrawn(reason: string) {
  return ({ line }: LineVerdict): LineVerdict => ({ line, verdict: "not ours", reason });
}

function whyNotOurs(verdicts: LineVerdict[]): string {
  if (verdicts.length === 0) return "The order has no lines.";
  const reasons = new Set(verdicts.map(({ reason }) => reason));
  const [only] = reasons;
  return reasons.size === 1 && only !== undefined
    ? only
    : "Nothing in this order is made by a connected vendor.";
}

function routeLine(given: LineFacts, question: Question): LineVerdict {
  const { isWithVendor, wasPassedBy, elsewhere } = question.before(given.id);
  // Fulfilling takes nothing from Shopify's quantity: what was made by hand before stays out of the comparison.
  const line = isWithVendor ? { ...given, quantity: Math.max(0, given.quantity - elsewhere) } : leftOf(given);
  const no = (reason: string): LineVerdict => ({ line, verdict: "not ours", reason });
  if (line.quantity <= 0) return no("Removed or refunded before it was sent.");
  if (line.giftCard) return no("A gift card: Shopify delivers it.");
  if (!line.requiresShipping) return no("Nothing to ship.");
  if (line.fulfilled || line.unfulfilled === 0) return no("Already fulfilled.");
  const mapping =
    question.mappings.find(({ variantId }) => variantId === line.variantId) ??
    (question.matchBySku
      ? question.mappings.find(({ sku }) => sku !== null && sku !== "" && sku === line.sku)
      : undefined);
  if (!mapping) {
    const vendor = question.looksLike(line);
    // Once it was time to make it, whoever sells it may have ordered it elsewhere.
    if (!vendor)
      return {
        ...no("No vendor product is chosen for it."),
        ...(isTriggered(question) && { passedBy: true }),
      };
    const reason = `“${line.title}” looks like a ${vendor.label} product, but no vendor product is chosen for it. Choose one under Products and the order goes on by itself.`;
    return {
      line,
      verdict: "held",
      reason,
      looksLikeVendor: vendor.id,
      group: question.groupOf(vendor.id, line),
    };
  }
  const connection = question.connections.find(({ id }) => id === mapping.connectionId);
  if (!connection || connection.removed) {
    return {
      line,
      verdict: "held",
      reason: `“${line.title}” goes to a vendor connection that was removed. Choose another one under Products.`,
    };
  }
  if (question.facts.test && !connection.takesTestOrders) {
    return no(
      `A test order: it is not sent to ${connection.label}, because that is not marked as a test account.`,
    );
  }
  const group = question.groupOf(connection.vendor, line);
  return { line, verdict: "vendor", connection, group, ...(wasPassedBy && { passedBy: true }) };
}

// What somebody fulfilled is not made again. Of what a vendor has, our own parcels are what is fulfilled.
function leftOf(line: LineFacts): LineFacts {
  const { unfulfilled = line.quantity } = line;
  return unfulfilled < line.quantity ? { ...line, quantity: unfulfilled } : line;
}

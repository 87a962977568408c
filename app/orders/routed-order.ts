// An order in the hands of routing: what was decided about it, and the parts it has so far.
import type { OrderFacts, VendorOrderStatus } from "./order.ts";
import type { Remedies } from "./remark.ts";
import type { Plan } from "./route-lines.ts";

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

/** Whether a vendor has it, or may have it: only a person or a probe can say otherwise. Pure. */
export function isWithVendor({ status, committing }: Pick<ExistingPart, "status" | "committing">): boolean {
  return status === "sent" || status === "shipped" || committing;
}

/** An order, what was decided about it, and the parts it has so far. */
export interface RoutedOrder {
  order: {
    id: string;
    shop: string;
    shopifyId: string;
    name: string;
    version: number;
    facts: OrderFacts;
    /** Placed before the shop had the app: whoever sells it may have ordered it elsewhere, or we did once. */
    older: boolean;
  };
  plan: Plan;
  parts: ExistingPart[];
}

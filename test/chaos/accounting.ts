// The oracle: holds what the vendors truly have, from their own ledgers, against what the shoppers ordered. Pure.
import { markOf, type Wish } from "./orders.ts";
import { vendorIds, type LedgerEntry, type VendorId } from "./vendors.ts";

/** How one vendor's orders came out. */
export interface VendorAccount {
  expected: number;
  once: number;
  duplicated: number;
  lost: number;
  /** Ledger entries whose lines are not exactly those of an order. */
  wrong: number;
  /** Ledger entries with lines of more than one order. */
  mixed: number;
}

/** The account of a run, and a sentence for everything that must not be. */
export interface Account {
  vendors: Record<VendorId, VendorAccount>;
  violations: { n: number; text: string }[];
}

/** The ledger entries that have a line of this order. */
export function entriesFor(wish: Wish, vendor: VendorId, ledger: LedgerEntry[]): LedgerEntry[] {
  const marks = new Set(wish.wanted[vendor]?.map(({ mark }) => mark));
  return ledger.filter(({ lines }) => lines.some((line) => marks.has(markOf(vendor, line))));
}

/** Counts. Orders are told apart by the marks on their lines, never by anything that the app made up. */
export function accountFor(wishes: Wish[], ledgers: Record<VendorId, LedgerEntry[]>): Account {
  const violations: Account["violations"] = [];
  const vendors = Object.fromEntries(
    vendorIds.map((vendor) => {
      const count = { expected: 0, once: 0, duplicated: 0, lost: 0, wrong: 0, mixed: 0 };
      const owners = new Map(
        wishes.flatMap((wish) => (wish.wanted[vendor] ?? []).map(({ mark }) => [mark, wish] as const)),
      );
      for (const entry of ledgers[vendor]) {
        const inside = new Set(entry.lines.map((line) => owners.get(markOf(vendor, line))));
        const [wish] = inside;
        if (inside.size > 1) {
          count.mixed++;
          const numbers = [...inside].map((one) => one?.n ?? "nobody").join(" and ");
          for (const one of inside)
            violations.push({ n: one?.n ?? 0, text: `${vendor} ${entry.number} mixes orders ${numbers}` });
        } else if (!wish || !isExactly(wish, vendor, entry)) {
          count.wrong++;
          const has = JSON.stringify(entry.lines);
          violations.push({ n: wish?.n ?? 0, text: `${vendor} ${entry.number} has wrong lines: ${has}` });
        }
      }
      for (const wish of wishes) {
        if (!wish.wanted[vendor]) continue;
        count.expected++;
        const entries = entriesFor(wish, vendor, ledgers[vendor]);
        if (entries.length === 1) count.once++;
        else if (entries.length === 0) {
          count.lost++;
          violations.push({ n: wish.n, text: `${vendor} never got order ${wish.n}` });
        } else {
          count.duplicated++;
          const numbers = entries.map(({ number }) => number).join(", ");
          violations.push({ n: wish.n, text: `${vendor} has order ${wish.n} more than once: ${numbers}` });
        }
      }
      return [vendor, count];
    }),
  ) as Record<VendorId, VendorAccount>;
  return { vendors, violations };
}

function isExactly(wish: Wish, vendor: VendorId, { lines }: LedgerEntry): boolean {
  const wanted = wish.wanted[vendor] ?? [];
  return (
    lines.length === wanted.length &&
    wanted.every(({ mark, sku, quantity }) =>
      lines.some((line) => markOf(vendor, line) === mark && line.sku === sku && line.quantity === quantity),
    )
  );
}

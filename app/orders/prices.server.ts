// What was paid against what it is worth: a line that was sold for less than the merchant said is not bought unseen.
import type { Db } from "../db.server.ts";
import { VendorError, type Vendor } from "../vendors/vendor.ts";
import type { LineToMake } from "./lines.server.ts";
import { toDecimal, type OrderFacts } from "./order.ts";

interface Priced {
  claim: { id: string; lines: LineToMake[] };
  facts: OrderFacts;
  vendor: Vendor;
}

/**
 * Throws VendorError `rejected` for the first line below the lowest price of its Mapping, unless a person approved the
 * part. A line whose price nobody knows counts as sold for nothing.
 */
export async function checkPrices(db: Db, { claim, facts, vendor }: Priced): Promise<void> {
  for (const { lineId, product, mapped, quantity } of claim.lines) {
    const line = facts.lines.find(({ id }) => id === lineId);
    const lowest = mapped ? vendor.orders?.lowestPrice?.(product) : undefined;
    if (!line || lowest === undefined || quantity <= 0) continue;
    const price = line.price && toDecimal(line.price);
    if (Number(price ?? 0) >= lowest || (await isApproved(db, claim.id))) continue;
    throw new VendorError(
      "rejected",
      `“${line.title}” was sold ${price === undefined ? "without a price" : `for ${price}`}, and you set ${lowest} as its lowest price under Products. Look at the order, then press Approve.`,
      { needs: "approval" },
    );
  }
}

async function isApproved(db: Db, id: string): Promise<boolean> {
  const { rows } = await db.query<{ isApproved: boolean }>(
    `SELECT "approvedAt" IS NOT NULL AS "isApproved" FROM "VendorOrder" WHERE id = $1`,
    [id],
  );
  return rows[0]?.isApproved ?? false;
}

// The list of vendors: one line each. Nothing else in the app knows a vendor by name.
import { brand } from "./brand/index.ts";
import { dora } from "./dora/index.ts";
import { dot } from "./dot/index.ts";
import { oms } from "./oms/index.ts";
import type { Vendor } from "./vendor.ts";
import { whcc } from "./whcc/index.ts";

/** Every vendor, in the order a merchant sees them. */
export const vendors: readonly Vendor[] = [dot, oms, whcc, dora, brand];

/** The vendor with this id, or undefined for one that this version does not have. */
export function vendorById(id: string): Vendor | undefined {
  return vendors.find((vendor) => vendor.id === id);
}

// The tools of MGE DOT, in the order in which the admin shows them.
import type { AnyTool } from "../vendor.ts";
import { listBrands, listKits } from "./account-tools.ts";
import { lookAtDraft, lookUpOrders } from "./order-tools.ts";
import { lookAtPreview, tryPreview } from "./preview-tools.ts";
import type { Settings } from "./settings.ts";

/** What a merchant can do at MGE besides having orders made. */
export const tools: readonly AnyTool<Settings>[] = [
  listBrands,
  listKits,
  tryPreview,
  lookAtPreview,
  lookUpOrders,
  lookAtDraft,
];

// The tools of Dora, in the order in which the admin shows them.
import type { AnyTool } from "../vendor.ts";
import { accountTools } from "./account-tools.ts";
import { cartTools } from "./cart-tools.ts";
import { letterTools } from "./letter-tools.ts";
import { productTools } from "./product-tools.ts";
import { ringTools } from "./ring-tools.ts";
import { searchTools } from "./search-tools.ts";
import type { Settings } from "./settings.ts";

/** What a merchant can do at Dora besides having orders made. Buying is not among it: orders do that. */
export const tools: readonly AnyTool<Settings>[] = [
  ...searchTools,
  ...ringTools,
  ...productTools,
  ...cartTools,
  ...letterTools,
  ...accountTools,
];

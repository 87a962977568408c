// The tools of the OMS, in the order in which the admin shows them.
import type { AnyTool } from "../vendor.ts";
import { bringProducts, nameProduct } from "./bring-products.ts";
import { catalogueTools } from "./catalogue-tools.ts";
import { batchOrders, lookUpOrders, printStatus } from "./order-tools.ts";
import type { Settings } from "./settings.ts";

/** What a merchant can do at the OMS besides having orders made. */
export const tools: readonly AnyTool<Settings>[] = [
  printStatus,
  batchOrders,
  lookUpOrders,
  bringProducts,
  nameProduct,
  ...catalogueTools,
];

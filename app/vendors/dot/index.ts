// MGE DOT as the app sees it: painting kits from shoppers' photos, ordered by draft or directly.
import { defineVendor, VendorError, type Asking, type VendorProduct } from "../vendor.ts";
import { brands, variants } from "./catalogue.ts";
import { check } from "./check.ts";
import { configOf, configure } from "./configure.ts";
import { follow } from "./follow.ts";
import { payload, toPayload } from "./payload.ts";
import { looksLikeOurs } from "./picture.ts";
import { withdraw } from "./draft.ts";
import { previews } from "./preview-ability.ts";
import { product, settings, type Settings } from "./settings.ts";
import { readError } from "./status.ts";
import { probe, submit } from "./submission.ts";
import { tools } from "./tools.ts";

/** MG Everyday's dot painting kits. */
export const dot = defineVendor({
  id: "dot",
  label: "MGE DOT",
  summary: "Turns a shopper's photo into a dot painting kit and ships it to the shopper.",
  settings,
  product,
  goodToKnow: [
    "MGE has no test mode: every order sent is a real one, in euros, at your MGE account.",
    "MGE sends no tracking. Enter the tracking number on the order's page when MGE tells you.",
    "Previews expire. An order whose preview has expired waits for you.",
  ],
  atOnce: 2,
  test,
  products,
  configure: (product, given, asking) => configure(product, { settings: given, asking }),
  readError,
  orders: {
    payload,
    toPayload,
    submit,
    probe,
    withdraw,
    quiescenceSeconds: 0,
    looksLikeOurs,
    lowestPrice: ({ lowestPrice }) => lowestPrice,
    check: (payload, given, asking) => check(payload, { settings: given, asking }),
    track: follow,
    changing: {
      instead:
        "MGE takes nothing back by itself once an order is submitted. Write to MGE at once, with the order number, and refund the shopper when MGE agrees.",
    },
  },
  previews,
  tools,
});

async function test(given: Settings, asking: Asking): Promise<string> {
  const rows = await brands({ settings: given, asking });
  const ours = rows.find((row) => row.id === given.brandId);
  const others = rows.filter((row) => row !== ours);
  const known = others.slice(0, 5).map((row) => `${row.id}${row.name ? ` (${row.name})` : ""}`);
  const also = known.length > 0 ? ` The key also knows ${known.join(", ")}.` : "";
  if (ours) return `Connected to MGE as ${ours.name || `brand ${ours.id}`}.${also}`;
  throw new VendorError(
    "connection",
    known.length > 0
      ? `The key works, but brand ${given.brandId} is not among yours: ${known.join(", ")}. Enter one of these numbers.`
      : "The key works, but MGE knows no brand for it. Ask MGE for one.",
  );
}

async function products(given: Settings, search: string, asking: Asking): Promise<VendorProduct[]> {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = await variants({ settings: given, asking });
  return rows
    .filter(({ sku, label }) => words.every((word) => `${sku} ${label}`.toLowerCase().includes(word)))
    .slice(0, 100)
    .map((kit) => ({ label: kit.label, detail: kit.sku, config: configOf(kit) }));
}

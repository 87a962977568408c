// Dora: rings bought through a dealer's one cart. What it can do, joined from the files beside this one.
import { defineVendor } from "../vendor.ts";
import { probe, quiescenceSeconds, submit, withdraw } from "./buying.ts";
import { configure } from "./configure.ts";
import { listProducts } from "./lists.ts";
import { accountKey, login, testConnection } from "./login.ts";
import { fromOptions } from "./options.ts";
import { payloadSchema, toPayload } from "./payload.ts";
import { product, settings } from "./settings.ts";
import { readError } from "./status.ts";
import { tools } from "./tools.ts";

/** Dora API v2, read 2026-11-22. Reports nothing after the purchase, hence no `track`. */
export const dora = defineVendor({
  id: "dora",
  label: "Dora",
  summary: "Orders configured rings through your Dora dealer account.",
  settings,
  product,
  goodToKnow: [
    "Dora ships to your dealer account. The customer's name and address are not transmitted, so you send the parcel on yourself.",
    "Give this app a Dora login of its own. Dora keeps one cart for each login: what somebody else puts into it stops your orders.",
    "Engraving cannot be sent. An order with an engraving is held for you instead of being made without it.",
    "Dora reports neither progress nor tracking numbers. Mark the order as fulfilled in Shopify when you ship it.",
  ],
  atOnce: 1,
  accountKey,
  test: testConnection,
  login,
  products: listProducts,
  configure,
  fromOptions,
  readError,
  orders: {
    payload: payloadSchema,
    toPayload,
    submit,
    probe,
    withdraw,
    quiescenceSeconds,
    // Nothing in an ordinary line says "Dora"; only the name that nobody uses by accident does.
    changing: {
      instead: "Dora has no way to change or take back a purchase here. Call Dora with the order number.",
    },
    looksLikeOurs: (line) =>
      line.properties.some(({ name, value }) => name === "_dora_item" && value.trim() !== ""),
  },
  tools,
});

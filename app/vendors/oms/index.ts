// Ideal Factory "Production Hub & OMS": orders with customiser designs, their print files, and its catalogue.
import { defineVendor } from "../vendor.ts";
import { readCallback } from "./callbacks.ts";
import { bringUpToDate, cancelOrder } from "./changing.ts";
import { createOrder, printFiles, probeOrder, testConnection, trackOrder } from "./client.ts";
import { defaultDesignProperty, payload, toPayload } from "./payload.ts";
import { product, settings } from "./settings.ts";
import { readError } from "./status.ts";
import { tools } from "./tools.ts";

/** The declaration. There is no `products`: the OMS has no call that lists its catalogue. */
export const oms = defineVendor({
  id: "oms",
  label: "Ideal Factory OMS",
  summary: "Sends customiser designs to Ideal Factory's Production Hub, which makes the print files.",
  settings,
  product,
  goodToKnow: [
    "Ideal Factory support gives you the API address, the token and the store ID.",
    "The OMS reports print files, not parcels: tracking numbers have to reach Shopify another way.",
    "OMS addresses have no recipient name: the customer's name stands for it, a company is written in the note.",
    "When the OMS does not answer while an order is sent, the order may wait for you to look it up there.",
    "Ask Ideal Factory support to notify this connection's address when a print file is ready: then you see it at once.",
  ],
  // No rate limit is published; orders do not touch each other.
  atOnce: 4,
  test: testConnection,
  readError,
  orders: {
    payload,
    toPayload,
    submit: createOrder,
    probe: probeOrder,
    // One minute and five more for the print rows of an order that did arrive to be written.
    quiescenceSeconds: 360,
    changing: {
      instead:
        "If Ideal Factory has begun to print, it cannot take the order back, and items can never be changed: call them with the order number.",
      cancel: cancelOrder,
      update: bringUpToDate,
    },
    looksLikeOurs: (line) =>
      line.properties.some(({ name, value }) => name.trim() === defaultDesignProperty && value.trim() !== ""),
    track: trackOrder,
    files: printFiles,
  },
  callbacks: { read: readCallback },
  tools,
});

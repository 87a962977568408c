// WHCC as the app sees it: photo products that shoppers design in WHCC's own editors, ordered by export, quote and confirm.
import { defineVendor, type Asking } from "../vendor.ts";
import { ownAccount } from "./account.ts";
import { confirmCallbacks, readCallback, registerCallbacks } from "./callbacks.ts";
import { editorApi, submitApi } from "./client.ts";
import { fetchProducts } from "./editors.ts";
import { accountProperty, defaultEditorProperty, groupOf, payload, toPayload } from "./payload.ts";
import { report } from "./report.ts";
import { product, settings, type Settings } from "./settings.ts";
import { readError } from "./status.ts";
import { check, probe, submit, withdraw } from "./submission.ts";
import { listProducts, tools } from "./tools.ts";

/** WHCC Editor API and Order Submit API, read 2026-11-22. How far an order is comes by callback only: no `track`. */
export const whcc = defineVendor({
  id: "whcc",
  label: "WHCC",
  summary: "Prints what shoppers design in WHCC's photo editors, and ships it to them.",
  settings,
  product,
  goodToKnow: [
    "WHCC accepts an order only some time after taking it, and tells by callback. Register the callbacks on this page, or you hear of no rejection and no parcel.",
    "WHCC keeps one callback address for each set of keys. Registering it here replaces an earlier one.",
    "A shopper can change a design after paying. A design that is another product than was bought is held.",
    "Pictures must stay readable for WHCC until it has accepted the order.",
    "Prices are in US dollars. What an order costs is known before it is confirmed: set the highest cost in the settings.",
  ],
  // No rate limit is published; orders do not touch each other.
  atOnce: 4,
  test: testConnection,
  products: listProducts,
  readError,
  orders: {
    payload,
    toPayload,
    submit,
    probe,
    withdraw,
    check,
    report,
    groupOf,
    // Confirming the same entry again is harmless at any time, so nothing has to be waited for.
    quiescenceSeconds: 0,
    changing: {
      instead:
        "WHCC has no call to change or take back an order. Call WHCC at once with the confirmation number: what is in production cannot be stopped.",
    },
    looksLikeOurs: (line) =>
      line.properties.some(
        ({ name, value }) =>
          value.trim() !== "" && [defaultEditorProperty, accountProperty].includes(name.trim()),
      ),
  },
  callbacks: { read: readCallback, register: registerCallbacks, confirm: confirmCallbacks },
  tools,
});

/** Tries the keys of both APIs, the second only when orders go that way or its keys are there. */
async function testConnection(mine: Settings, asking: Asking): Promise<string> {
  const products = await fetchProducts(await editorApi(ownAccount(mine), mine, asking));
  const needsSubmit = mine.placing === "submit" || Boolean(mine.consumerKey && mine.consumerSecret);
  if (needsSubmit) await submitApi(mine, asking);
  const found = products.length === 1 ? "1 product" : `${products.length} products`;
  return `Connected to WHCC: ${found} to design.${needsSubmit ? " The Order Submit API accepts its keys too." : ""}`;
}

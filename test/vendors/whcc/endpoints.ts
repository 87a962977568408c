// Every endpoint of WHCC's documents, each reached by the call that the app makes.
import { fetchCatalogue } from "#app/vendors/whcc/catalogue.ts";
import {
  createWebhook,
  submitCallback,
  validateWebhook,
  verifyWebhook,
} from "#app/vendors/whcc/callbacks.ts";
import { editorApi, submitApi, type Api } from "#app/vendors/whcc/client.ts";
import { exportEditors } from "#app/vendors/whcc/design.ts";
import {
  cloneEditor,
  createEditor,
  fetchDesigns,
  fetchEditLink,
  fetchEditor,
  fetchProducts,
} from "#app/vendors/whcc/editors.ts";
import type { Endpoint, Stage } from "#test/vendors/endpoints.ts";
import type { MemoryCalls } from "#test/vendors/calls.ts";
import { openDoor, type Door } from "./door.ts";
import {
  anAttempt,
  readSettings,
  send,
  startThere,
  type Attempt,
  type Given,
  type There,
} from "./support.ts";

/** A stage that can also buy, and that WHCC can call. */
interface WhccStage extends Stage {
  there: There;
  asking: MemoryCalls;
  /** Where callbacks go. */
  door: Door;
}

/** Starts WHCC on loopback, with its demo designs, and a door for its callbacks. */
export async function stage(): Promise<WhccStage> {
  const there = await startThere();
  const door = await openDoor(new Date("2026-11-22T09:00:00Z"));
  const { mine, calls } = anAttempt(there);
  return {
    there,
    standIn: there.standIn,
    settings: mine,
    asking: calls,
    door,
    stop: async () => {
      door.close();
      await there.stop();
    },
  };
}

const editors = (at: WhccStage): Promise<Api> =>
  editorApi("demo-shopper", readSettings(at.settings), at.asking);
const lab = (at: WhccStage): Promise<Api> => submitApi(readSettings(at.settings), at.asking);

// An entry is submitted once, so each order is another one.
let order = 5551234567890;

function anOrder(at: WhccStage, settings: Given["settings"] = {}): Attempt {
  order += 1;
  return anAttempt(at.there, { order: { id: String(order) }, settings });
}

function here(method: Endpoint["method"], path: string, call: (at: WhccStage) => Promise<unknown>): Endpoint {
  return { method, path, call: (at) => call(at as WhccStage) };
}

const demo = "demoPhotoBlock";
const redirect = { text: "Back", url: "https://shop.example.com/?editor=%EDITOR_ID%" };
const newEditor = {
  userId: "demo-shopper",
  productId: "hRk3mVtPnWc6XyZaQ",
  designId: "ztRMDiHup8ooFhxLr",
  redirects: { complete: redirect, cancel: redirect },
};

export const endpoints: readonly Endpoint[] = [
  here("PUT", "/oas/editors/export", async (at) =>
    exportEditors(await editors(at), { editors: [{ editorId: demo }] }),
  ),
  here("POST", "/auth/access-token", editors),
  here("POST", "/editors", async (at) => createEditor(await editors(at), newEditor)),
  here("GET", "/editors/*", async (at) => fetchEditor(await editors(at), demo)),
  here("POST", "/editors/*/edit-link", async (at) => fetchEditLink(await editors(at), demo)),
  here("POST", "/editors/*/clone", async (at) => cloneEditor(await editors(at), demo)),
  here("GET", "/products", async (at) => fetchProducts(await editors(at))),
  here("GET", "/designs", async (at) => fetchDesigns(await editors(at))),
  here("POST", "/oas/orders/create", (at) => send(anOrder(at))),
  here("POST", "/oas/orders/*/confirm", (at) => send(anOrder(at))),
  here("POST", "/webhooks/create", async (at) => createWebhook(await editors(at), at.door.address)),
  here("POST", "/webhooks/verify", async (at) => {
    await createWebhook(await editors(at), at.door.address);
    await verifyWebhook(
      await editors(at),
      new URLSearchParams(at.door.received.at(-1)?.body).get("verifier") ?? "",
    );
  }),
  here("GET", "/api/AccessToken", lab),
  here("POST", "/api/OrderImport", (at) => send(anOrder(at, { placing: "submit" }))),
  here("POST", "/api/OrderImport/Submit/*", (at) => send(anOrder(at, { placing: "submit" }))),
  here("POST", "/webhooks/validate", async (at) => {
    const body = { Event: "Processed" };
    return validateWebhook(await editors(at), { body, signature: "t=1,v1=00" });
  }),
  here("POST", "/api/callback/create", async (at) =>
    submitCallback(await lab(at), "create", ["callbackUri", at.door.address]),
  ),
  here("POST", "/api/callback/verify", async (at) => {
    await submitCallback(await lab(at), "create", ["callbackUri", at.door.address]);
    const word = new URLSearchParams(at.door.received.at(-1)?.body).get("verifier") ?? "";
    await submitCallback(await lab(at), "verify", ["verifier", word]);
  }),
  here("GET", "/api/catalog", async (at) => fetchCatalogue(await lab(at))),
];

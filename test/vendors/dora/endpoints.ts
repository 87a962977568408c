// Every endpoint of Dora's document, each reached by the call that the app makes.
import { fieldsSchema } from "#app/vendors/fields.ts";
import { createHttp } from "#app/vendors/http.server.ts";
import { addToCart, buyCart, readCart, removeFromCart } from "#app/vendors/dora/client.ts";
import { dora } from "#app/vendors/dora/index.ts";
import { requestProduct, sendMessage } from "#app/vendors/dora/letters.ts";
import {
  findProducts,
  findRings,
  readCollections,
  readProduct,
  readRing,
  readSheet,
  readSiteCollections,
} from "#app/vendors/dora/lists.ts";
import { logOut, readUser, renewToken, resetPassword, signIn } from "#app/vendors/dora/sessions.ts";
import { settings as fields, type Settings } from "#app/vendors/dora/settings.ts";
import { startDora } from "#sandbox/vendors/dora.ts";
import { memoryCalls, type MemoryCalls } from "#test/vendors/calls.ts";
import type { Endpoint, Stage } from "#test/vendors/endpoints.ts";
import { payloadOf, theSettings } from "./rings.ts";

/** A stage that can also buy. */
interface DoraStage extends Stage {
  asking: MemoryCalls;
}

/** Starts Dora on loopback and logs in. */
export async function stage(): Promise<DoraStage> {
  const standIn = await startDora();
  const http = createHttp({ allowedPrivateHosts: [`127.0.0.1:${standIn.port}`] });
  const mine = theSettings({ baseUrl: standIn.url });
  const asking = memoryCalls({ vendor: dora, settings: mine, http, now: new Date() });
  const there: DoraStage = {
    standIn,
    settings: mine,
    asking,
    stop: async () => {
      await standIn.stop();
      await http.close();
    },
  };
  await freshLogin(there);
  return there;
}

const read = (there: DoraStage): Settings => fieldsSchema(fields).parse(there.settings);

async function freshLogin(there: DoraStage): Promise<void> {
  there.asking.token = (await signIn(read(there), there.asking)).token;
}

async function fillCart(there: DoraStage): Promise<void> {
  for (const { put } of payloadOf().lines) await addToCart(put, read(there), there.asking);
}

const page = { page: 1, limit: 20 };

/** One row for each documented endpoint (Dora API v2, read 2026-11-22). */
export const endpoints: readonly Endpoint[] = [
  { method: "POST", path: "/auth/login", call: freshLogin },
  {
    method: "GET",
    path: "/auth/user",
    call: (there: DoraStage) => readUser(read(there), there.asking),
  },
  {
    method: "POST",
    path: "/auth/reset_password",
    call: (there: DoraStage) => resetPassword("dealer", read(there), there.asking),
  },
  {
    method: "POST",
    path: "/auth/logout",
    call: async (there: DoraStage) => {
      await logOut(read(there), there.asking);
      await freshLogin(there);
    },
  },
  {
    method: "GET",
    path: "/auth/authenticate",
    call: (there: DoraStage) => renewToken(read(there), there.asking),
  },
  {
    method: "GET",
    path: "/catalog/collections",
    call: (there: DoraStage) => readCollections(read(there), there.asking),
  },
  {
    method: "POST",
    path: "/catalog/items",
    call: (there: DoraStage) => findRings(page, read(there), there.asking),
  },
  {
    method: "POST",
    path: "/catalog/item",
    call: (there: DoraStage) => readRing({ id: 310, collection_id: 12 }, read(there), there.asking),
  },
  {
    method: "POST",
    path: "/catalog/pdf",
    call: (there: DoraStage) => readSheet({ style_id: 310 }, read(there), there.asking),
  },
  { method: "GET", path: "/cart", call: (there: DoraStage) => readCart(read(there), there.asking) },
  { method: "PUT", path: "/cart", call: fillCart },
  {
    method: "DELETE",
    path: "/cart",
    call: async (there: DoraStage) => {
      await fillCart(there);
      const { items } = await readCart(read(there), there.asking);
      for (const { item_key } of items) await removeFromCart(item_key, read(there), there.asking);
    },
  },
  {
    method: "POST",
    path: "/cart",
    call: async (there: DoraStage) => {
      await fillCart(there);
      return buyCart(read(there), there.asking);
    },
  },
  {
    method: "POST",
    path: "/directus/collections",
    call: (there: DoraStage) => readSiteCollections("germany", read(there), there.asking),
  },
  {
    method: "POST",
    path: "/product/items",
    call: (there: DoraStage) => findProducts(page, read(there), there.asking),
  },
  {
    method: "GET",
    path: "/product/item/*",
    call: (there: DoraStage) => readProduct(71, read(there), there.asking),
  },
  {
    method: "POST",
    path: "/product/request",
    call: (there: DoraStage) =>
      requestProduct({ name: "Ring box", width: 80, height: 80 }, read(there), there.asking),
  },
  {
    method: "POST",
    path: "/contact/submit",
    call: (there: DoraStage) =>
      sendMessage({ name: "Ana Tan", email: "ana@example.com", comment: "Hello" }, read(there), there.asking),
  },
];

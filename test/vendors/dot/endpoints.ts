// Every endpoint of the MGE DOT guide, each reached by the call that the app makes.
import { fieldsSchema } from "#app/vendors/fields.ts";
import { brands, skuFormat, variants } from "#app/vendors/dot/catalogue.ts";
import {
  addAsset,
  changeDraft,
  createDraft,
  orderDirectly,
  readOneDraft,
  readOrder,
  submitDraft,
  validateDraft,
  validateOrder,
} from "#app/vendors/dot/client.ts";
import { dot } from "#app/vendors/dot/index.ts";
import type { OrderBody } from "#app/vendors/dot/payload.ts";
import { purchaseOptions, readPreview, startPreview } from "#app/vendors/dot/previews.ts";
import type { Talk } from "#app/vendors/dot/request.ts";
import { settings as fields, type Settings } from "#app/vendors/dot/settings.ts";
import { createHttp } from "#app/vendors/http.server.ts";
import { startDot } from "#sandbox/vendors/dot.ts";
import { tinyPng } from "#sandbox/vendors/pictures.ts";
import { memoryCalls, type MemoryCalls } from "#test/vendors/calls.ts";
import type { Endpoint, Stage } from "#test/vendors/endpoints.ts";

/** A stage that can also buy: some endpoints are about an order that is there. */
interface DotStage extends Stage {
  asking: MemoryCalls;
}

/** Starts MGE on loopback, with nothing in it. */
export async function stage(): Promise<DotStage> {
  const standIn = await startDot();
  const http = createHttp({ allowedPrivateHosts: [`127.0.0.1:${standIn.port}`] });
  const settings = { baseUrl: standIn.url, apiKey: "mge_sk_demo", brandId: 116 };
  return {
    standIn,
    settings,
    asking: memoryCalls({ vendor: dot, settings, http }),
    stop: async () => {
      await standIn.stop();
      await http.close();
    },
  };
}

const read = (there: DotStage): Settings => fieldsSchema(fields).parse(there.settings) as Settings;
const talk = (there: DotStage): Talk => ({ settings: read(there), asking: there.asking });
const buying = (there: DotStage) => ({ settings: read(there), calls: there.asking });

const order: OrderBody = {
  brand_id: 116,
  line_items: [
    { sku: "DOT/VF/40X50/W/BLACK/STD", quantity: 1, asset_url: "https://cdn.example.com/customer-photo.jpg" },
  ],
  shipping: {
    name: "Customer Name",
    phone: "+65 0000 0000",
    street: "123 Example Street",
    city: "Singapore",
    zip: "000000",
    country: "SG",
  },
};
const file = { filename: "photo.png", contentType: "image/png", bytes: tinyPng("a shopper") };

async function aDraft(there: DotStage): Promise<string> {
  return (await createDraft(order, talk(there))).id ?? "";
}

async function aReadyDraft(there: DotStage): Promise<string> {
  const id = await aDraft(there);
  await validateDraft(id, talk(there));
  return id;
}

async function aPreview(there: DotStage): Promise<string> {
  return (await startPreview({ file, size: "40X50" }, read(there), there.asking)).previewId;
}

/** One row for each documented endpoint (MGE DOT guide, read 2026-11-22). */
export const endpoints: readonly Endpoint[] = [
  { method: "GET", path: "/api/v1/account/brands/", call: (there: DotStage) => brands(talk(there)) },
  { method: "GET", path: "/api/v1/products/types/DOT/", call: (there: DotStage) => skuFormat(talk(there)) },
  {
    method: "GET",
    path: "/api/v1/products/types/DOT/variants/",
    call: (there: DotStage) => variants(talk(there)),
  },
  { method: "POST", path: "/api/v1/preview/", call: aPreview },
  {
    method: "GET",
    path: "/api/v1/preview/*/",
    call: async (there: DotStage) => readPreview(await aPreview(there), read(there), there.asking),
  },
  {
    method: "GET",
    path: "/api/v1/preview/*/purchase-options/",
    call: async (there: DotStage) => purchaseOptions(await aPreview(there), read(there), there.asking),
  },
  {
    method: "POST",
    path: "/api/v1/orders/",
    call: (there: DotStage) => orderDirectly(order, buying(there)),
  },
  {
    method: "POST",
    path: "/api/v1/orders/validate/",
    call: (there: DotStage) => validateOrder({ order, numbers: [1] }, talk(there)),
  },
  { method: "POST", path: "/api/v1/order-drafts/", call: aDraft },
  {
    method: "PATCH",
    path: "/api/v1/order-drafts/*/",
    call: async (there: DotStage) =>
      changeDraft({ id: await aDraft(there), body: { brand_id: 116, line_items: [] } }, talk(there)),
  },
  {
    method: "POST",
    path: "/api/v1/order-drafts/*/assets/",
    call: async (there: DotStage) => addAsset({ id: await aDraft(there), file }, talk(there)),
  },
  {
    method: "POST",
    path: "/api/v1/order-drafts/*/assets/from-url/",
    call: async (there: DotStage) =>
      addAsset({ id: await aDraft(there), file: { url: "https://cdn.example.com/photo.jpg" } }, talk(there)),
  },
  { method: "POST", path: "/api/v1/order-drafts/*/validate/", call: aReadyDraft },
  {
    method: "POST",
    path: "/api/v1/order-drafts/*/submit/",
    call: async (there: DotStage) => submitDraft(await aReadyDraft(there), buying(there)),
  },
  {
    method: "GET",
    path: "/api/v1/order-drafts/*/",
    call: async (there: DotStage) => readOneDraft(await aDraft(there), talk(there)),
  },
  {
    method: "GET",
    path: "/api/v1/orders/*/",
    call: async (there: DotStage) =>
      readOrder((await orderDirectly(order, buying(there))).number, talk(there)),
  },
];

// Every endpoint of the OMS document, each reached by the call that the app makes.
import { createHttp } from "#app/vendors/http.server.ts";
import { fieldsSchema } from "#app/vendors/fields.ts";
import { createBatch } from "#app/vendors/oms/batches.ts";
import {
  categories,
  createRow,
  deleteRow,
  fetchRow,
  products,
  updateRow,
  variants,
  type Row,
} from "#app/vendors/oms/catalogue.ts";
import { cancelOrder, bringUpToDate, fetchOrder } from "#app/vendors/oms/changing.ts";
import { createOrder, printFiles } from "#app/vendors/oms/client.ts";
import { oms } from "#app/vendors/oms/index.ts";
import type { Talk } from "#app/vendors/oms/request.ts";
import { settings as fields, type Settings } from "#app/vendors/oms/settings.ts";
import { startOms } from "#sandbox/vendors/oms.ts";
import { memoryCalls, type MemoryCalls } from "#test/vendors/calls.ts";
import type { Endpoint, Stage } from "#test/vendors/endpoints.ts";
import { aDesignLine, payloadOf, settings, token } from "./support.ts";

/** A stage that can also buy: most endpoints are about an order that is there. */
interface OmsStage extends Stage {
  asking: MemoryCalls;
}

/** Starts the OMS on loopback, with nothing in it. */
export async function stage(): Promise<OmsStage> {
  const standIn = await startOms({ tokens: [token] });
  const http = createHttp({ allowedPrivateHosts: [`127.0.0.1:${standIn.port}`] });
  const mine = settings({ baseUrl: standIn.url });
  return {
    standIn,
    settings: mine,
    asking: memoryCalls({ vendor: oms, settings: mine, http }),
    stop: async () => {
      await standIn.stop();
      await http.close();
    },
  };
}

const read = (there: OmsStage): Settings => fieldsSchema(fields).parse(there.settings);
const talk = (there: OmsStage): Talk => ({ settings: read(there), asking: there.asking });

// Item ids are unique in the whole OMS, so each order has its own line.
let line = 14000;

async function anOrder(there: OmsStage) {
  line += 1;
  const payload = payloadOf({ lines: [aDesignLine({ id: String(line) })] });
  const { number = "", notes = {} } = await createOrder(payload, read(there), there.asking);
  return { payload, number, notes, reference: there.asking.reference };
}

const aCategory = (there: OmsStage): Promise<Row> => createRow(categories, { name: "Prints" }, talk(there));

async function aProduct(there: OmsStage): Promise<Row> {
  const category_id = Number((await aCategory(there)).id);
  const body = { category_id, name: "Classic", order_column: 1, active: true, team_id: 5 };
  return createRow(products, body, talk(there));
}

async function aVariant(there: OmsStage): Promise<Row> {
  const product_id = Number((await aProduct(there)).id);
  return createRow(variants, { name: "Classic - Large", product_id, country_id: 1 }, talk(there));
}

const idOf = ({ id }: Row): string => id ?? "";

/** One row for each documented endpoint (OMS REST API, read 2026-11-22). */
export const endpoints: readonly Endpoint[] = [
  { method: "POST", path: "/api/v1/orders", call: anOrder },
  {
    method: "GET",
    path: "/api/v1/orders/*",
    call: async (there: OmsStage) => fetchOrder((await anOrder(there)).number, read(there), there.asking),
  },
  {
    method: "PUT",
    path: "/api/v1/orders/*",
    call: async (there: OmsStage) => {
      const sent = await anOrder(there);
      return bringUpToDate(sent.payload, sent, talk(there));
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/orders/*",
    call: async (there: OmsStage) => cancelOrder(await anOrder(there), read(there), there.asking),
  },
  {
    method: "GET",
    path: "/api/v1/order-items/*/print",
    call: async (there: OmsStage) => printFiles(await anOrder(there), read(there), there.asking),
  },
  {
    method: "POST",
    path: "/api/v1/batch-orders",
    call: async (there: OmsStage) => {
      const { notes } = await anOrder(there);
      const order_items = Object.values(notes).map(String);
      return createBatch({ order_items, print_templates: ["TEMPLATE_UID_1"] }, talk(there));
    },
  },
  { method: "POST", path: "/api/v1/product-categories", call: aCategory },
  {
    method: "GET",
    path: "/api/v1/product-categories/*",
    call: async (there: OmsStage) => fetchRow(categories, idOf(await aCategory(there)), talk(there)),
  },
  {
    method: "PUT",
    path: "/api/v1/product-categories/*",
    call: async (there: OmsStage) =>
      updateRow(categories, { id: idOf(await aCategory(there)), body: { default_dpi: 600 } }, talk(there)),
  },
  {
    method: "DELETE",
    path: "/api/v1/product-categories/*",
    call: async (there: OmsStage) => deleteRow(categories, idOf(await aCategory(there)), talk(there)),
  },
  { method: "POST", path: "/api/v1/products", call: aProduct },
  {
    method: "GET",
    path: "/api/v1/products/*",
    call: async (there: OmsStage) => fetchRow(products, idOf(await aProduct(there)), talk(there)),
  },
  {
    method: "PUT",
    path: "/api/v1/products/*",
    call: async (there: OmsStage) =>
      updateRow(products, { id: idOf(await aProduct(there)), body: { active: false } }, talk(there)),
  },
  {
    method: "DELETE",
    path: "/api/v1/products/*",
    call: async (there: OmsStage) => deleteRow(products, idOf(await aProduct(there)), talk(there)),
  },
  { method: "POST", path: "/api/v1/product-variants", call: aVariant },
  {
    method: "GET",
    path: "/api/v1/product-variants/*",
    call: async (there: OmsStage) => fetchRow(variants, idOf(await aVariant(there)), talk(there)),
  },
  {
    method: "PUT",
    path: "/api/v1/product-variants/*",
    call: async (there: OmsStage) =>
      updateRow(variants, { id: idOf(await aVariant(there)), body: { weight: 220 } }, talk(there)),
  },
  {
    method: "DELETE",
    path: "/api/v1/product-variants/*",
    call: async (there: OmsStage) => deleteRow(variants, idOf(await aVariant(there)), talk(there)),
  },
];

// The five endpoints of dotcph's document, each by the call that speaks to it.
import {
  checkHealth,
  deactivateProduct,
  fetchProduct,
  listProducts,
  pushProducts,
} from "#app/vendors/brand/client.ts";
import { brand } from "#app/vendors/brand/index.ts";
import { settings as fields, type Settings } from "#app/vendors/brand/settings.ts";
import { fieldsSchema } from "#app/vendors/fields.ts";
import { createHttp } from "#app/vendors/http.server.ts";
import { startBrand } from "#sandbox/vendors/brand.ts";
import { memoryCalls } from "#test/vendors/calls.ts";
import type { Endpoint, Stage } from "#test/vendors/endpoints.ts";
import { apiKey, namedItem, settings } from "./support.ts";

const sku = "FIBER-CHAIR-001";
const read = (stage: Stage): Settings => fieldsSchema(fields).parse(stage.settings);

async function push(stage: Stage): Promise<unknown> {
  return pushProducts([namedItem(sku).product], read(stage), stage.asking);
}

/** One row for each documented endpoint. */
export const endpoints: readonly Endpoint[] = [
  { method: "POST", path: "/products", call: push },
  { method: "GET", path: "/products", call: (stage) => listProducts(read(stage), stage.asking) },
  {
    method: "GET",
    path: "/products/*",
    call: async (stage) => {
      await push(stage);
      return fetchProduct(sku, read(stage), stage.asking);
    },
  },
  {
    method: "DELETE",
    path: "/products/*",
    call: async (stage) => {
      await push(stage);
      return deactivateProduct(sku, read(stage), stage.asking);
    },
  },
  { method: "GET", path: "/health", call: (stage) => checkHealth(read(stage), stage.asking) },
];

/** A dotcph with nothing in it. */
export async function stage(): Promise<Stage> {
  const standIn = await startBrand({ keys: [apiKey] });
  const http = createHttp({ allowedPrivateHosts: [`127.0.0.1:${standIn.port}`] });
  const mine = settings({ baseUrl: standIn.url });
  return {
    standIn,
    settings: mine,
    asking: memoryCalls({ vendor: brand, settings: mine, http }),
    stop: async () => {
      await standIn.stop();
      await http.close();
    },
  };
}

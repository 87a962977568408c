// The OMS stand-in's catalogue: categories, products and variants, as strict as its document.
import { afterEach, beforeEach, expect, test } from "vitest";
import { startOms, type OmsStandIn } from "#sandbox/vendors/oms.ts";
import { at, clientOf } from "./client.ts";

let oms: OmsStandIn;
let ask: ReturnType<typeof clientOf>;

beforeEach(async () => {
  oms = await startOms({ now: () => new Date("2026-11-22T12:00:00Z") });
  ask = clientOf(oms, "oms_demo");
});
afterEach(() => oms.stop());

test("a variant's UUID is its own: a second one with the same is refused", async () => {
  await ask("POST", "/api/v1/product-categories", { name: "T-Shirts" });
  await ask("POST", "/api/v1/products", {
    category_id: 1,
    name: "Classic",
    order_column: 1,
    active: true,
    team_id: 5,
  });
  const large = {
    name: "Large",
    product_id: 1,
    country_id: 1,
    uuid: "886313e1-3b8a-5372-9b90-0c9aee199e5d",
  };

  expect((await ask("POST", "/api/v1/product-variants", large)).body).toMatchObject(large);
  expect(await ask("POST", "/api/v1/product-variants", large)).toMatchObject({
    status: 422,
    body: { errors: { uuid: [expect.stringContaining("already been taken")] } },
  });
});

test("categories, products and variants are made, read, changed and deleted with the documented types", async () => {
  const category = await ask("POST", "/api/v1/product-categories", { name: "T-Shirts" });
  expect(category.body).toMatchObject({ id: 1, uid: expect.any(String), default_dpi: 300 });
  const byUid = `/api/v1/product-categories/${String(at(category.body, "uid"))}`;
  expect((await ask("PUT", byUid, { name: "Premium T-Shirts", default_dpi: 600 })).body).toMatchObject({
    default_dpi: 600,
  });

  const shirt = { category_id: 1, name: "Classic", order_column: 1, active: true, team_id: 5 };
  const product = await ask("POST", "/api/v1/products", shirt);
  expect(product.body).toMatchObject({ ...shirt, id: 1, uuid: expect.any(String) });
  expect((await ask("POST", "/api/v1/products", { ...shirt, category_id: "1" })).status).toBe(422);
  expect((await ask("POST", "/api/v1/products", { ...shirt, category_id: 9 })).status).toBe(422);

  const large = { name: "Large", product_id: 1, country_id: 1, weight: 200 };
  expect((await ask("POST", "/api/v1/product-variants", large)).body).toMatchObject({ ...large, id: 1 });
  expect((await ask("POST", "/api/v1/product-variants", { ...large, weight: -1 })).status).toBe(422);
  expect((await ask("PUT", "/api/v1/product-variants/1", { width: 55 })).body).toMatchObject({
    ...large,
    width: 55,
  });
  expect((await ask("GET", "/api/v1/product-variants/1")).body).toMatchObject({ width: 55 });

  const gone = [
    await ask("DELETE", "/api/v1/product-variants/1"),
    await ask("DELETE", "/api/v1/products/1"),
    await ask("DELETE", byUid),
  ];
  expect(gone.map((answer) => answer.body)).toEqual([
    { message: "Product variant successfully deleted", variant_id: 1 },
    { message: "Product successfully deleted", product_id: 1 },
    { message: "Product category successfully deleted", category_id: 1 },
  ]);
  expect((await ask("GET", "/api/v1/products/1")).status).toBe(404);
});

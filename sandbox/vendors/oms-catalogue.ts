// The OMS catalogue: product categories, products and product variants, each with its own table of fields.
// Source: OMS REST API, product categories, products, product variants, read 2026-11-22.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { unprocessable } from "./oms-orders.ts";
import { json, type Call, type Reply, type Route } from "./stand-in.ts";
import { isInteger, isText, readStrictly, type Trouble } from "./strict.ts";

const isUnsigned = isInteger.nonnegative("must be at least 0.");
const isFlag = z.boolean({ error: "must be true or false." });

const categoryFields = z.strictObject({
  name: isText,
  parent_id: isText.optional(),
  description: isText.optional(),
  default_dpi: isInteger.optional(),
  editor_category_id: isText.optional(),
  default_location_id: isText.optional(),
});

const productFields = z.strictObject({
  category_id: isInteger,
  name: isText,
  code: isText.optional(),
  order_column: isInteger,
  active: isFlag,
  description: isText.optional(),
  default_dpi: isInteger.optional(),
  team_id: isInteger,
  editor_category_id: isText.optional(),
  default_location_id: isInteger.optional(),
});

const variantFields = z.strictObject({
  name: isText,
  product_variant_category_id: isInteger.optional(),
  product_id: isInteger,
  price_id: isInteger.optional(),
  editor_product_id: isText.optional(),
  weight: isUnsigned.optional(),
  length: isInteger.optional(),
  width: isInteger.optional(),
  height: isInteger.optional(),
  description: isText.optional(),
  country_id: isInteger,
  customs_code: isText.optional(),
  customs_description: isText.optional(),
  long_customs_description: isText.optional(),
  default_dpi: isUnsigned.optional(),
  seo_details: isText.optional(),
  ecommerce_tags: isText.optional(),
  default_location_id: isInteger.optional(),
});
const newVariant = variantFields.extend({ uuid: z.uuid("must be a UUID of 36 characters.").optional() });

type Row = Record<string, unknown> & { id: number };

interface Table {
  path: string;
  /** What the document calls it in its deletion message, and the name of its id there. */
  noun: string;
  idName: string;
  create: z.ZodType<Record<string, unknown>>;
  update: z.ZodType<Record<string, unknown>>;
  /** The row's second name: categories are addressed by "UID" in the table but by 1 in the example. */
  uid: "uid" | "uuid";
  defaults?: Record<string, unknown>;
  /** The field that must name a row of another table. */
  parent?: { field: string; table: string };
}

const tables: Table[] = [
  {
    path: "/api/v1/product-categories",
    noun: "Product category",
    idName: "category_id",
    create: categoryFields,
    update: categoryFields.partial(),
    uid: "uid",
    defaults: { default_dpi: 300 },
  },
  {
    path: "/api/v1/products",
    noun: "Product",
    idName: "product_id",
    create: productFields,
    update: productFields.partial(),
    uid: "uuid",
    parent: { field: "category_id", table: "/api/v1/product-categories" },
  },
  {
    path: "/api/v1/product-variants",
    noun: "Product variant",
    idName: "variant_id",
    create: newVariant,
    update: variantFields.partial(),
    uid: "uuid",
    parent: { field: "product_id", table: "/api/v1/products" },
  },
];

/** The routes of the three tables, over rows of their own. */
export function createCatalogue(): { routes: Route[]; reset(): void } {
  const rows = new Map(tables.map((table) => [table.path, new Map<number, Row>()]));
  const next = new Map(tables.map((table) => [table.path, 1]));

  const rowsOf = (path: string): Map<number, Row> => rows.get(path) ?? new Map<number, Row>();

  function parentTrouble(table: Table, body: Record<string, unknown>): Trouble[] {
    const { parent } = table;
    if (!parent || body[parent.field] === undefined) return [];
    if (rowsOf(parent.table).has(Number(body[parent.field]))) return [];
    return [{ path: [parent.field], kind: "wrong", text: "names nothing that exists." }];
  }

  // "Unique identifier (36 characters)": a second row with the same one would not be unique.
  function takenTrouble(table: Table, body: Record<string, unknown>): Trouble[] {
    const uuid = body["uuid"];
    if (uuid === undefined || ![...rowsOf(table.path).values()].some((row) => row["uuid"] === uuid))
      return [];
    return [{ path: ["uuid"], kind: "wrong", text: "has already been taken." }];
  }

  function create(table: Table, call: Call): Reply {
    const read = readStrictly(table.create, call.body);
    const troubles = read.ok
      ? [...parentTrouble(table, read.value), ...takenTrouble(table, read.value)]
      : read.troubles;
    if (!read.ok || troubles.length > 0) return json(422, unprocessable(troubles));
    const id = next.get(table.path) ?? 1;
    next.set(table.path, id + 1);
    const row: Row = { ...table.defaults, [table.uid]: randomUUID(), ...read.value, id };
    rowsOf(table.path).set(id, row);
    return json(200, row);
  }

  function find(table: Table, call: Call): Row | undefined {
    const asked = call.params[0] ?? "";
    const byId = /^\d+$/.test(asked) ? rowsOf(table.path).get(Number(asked)) : undefined;
    if (byId || table.uid !== "uid") return byId;
    return [...rowsOf(table.path).values()].find((row) => row["uid"] === asked);
  }

  function on(table: Table, step: (row: Row, call: Call) => Reply) {
    return (call: Call): Reply => {
      const row = find(table, call);
      return row ? step(row, call) : json(404, { message: `${table.noun} not found.` });
    };
  }

  function update(table: Table) {
    return on(table, (row, call) => {
      const read = readStrictly(table.update, call.body);
      const troubles = read.ok ? parentTrouble(table, read.value) : read.troubles;
      if (!read.ok || troubles.length > 0) return json(422, unprocessable(troubles));
      Object.assign(row, read.value);
      return json(200, row);
    });
  }

  function remove(table: Table) {
    return on(table, (row) => {
      rowsOf(table.path).delete(row.id);
      return json(200, { message: `${table.noun} successfully deleted`, [table.idName]: row.id });
    });
  }

  const routes = tables.flatMap((table): Route[] => [
    { method: "POST", path: table.path, answer: (call) => create(table, call) },
    { method: "GET", path: `${table.path}/*`, answer: on(table, (row) => json(200, row)) },
    { method: "PUT", path: `${table.path}/*`, answer: update(table) },
    { method: "DELETE", path: `${table.path}/*`, takes: "nothing", answer: remove(table) },
  ]);
  return {
    routes,
    reset: () => {
      for (const table of rows.values()) table.clear();
    },
  };
}

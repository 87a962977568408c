// The Order Submit API's catalogue: the numbers of products and order attributes, and which attribute needs which.
// Source: WHCC, "Request Catalog" and "Catalog Schema", read 2026-11-22; shapes as recorded in 2014 and unchanged there.
import { z } from "zod";
import { ask, type Api } from "./client.ts";
import { readReply } from "./status.ts";

const number = z.coerce.number().int();
const attribute = z.object({
  Id: number,
  AttributeName: z.string().nullish(),
  ParentAttributeUID: number.nullish().catch(0),
});
const attributeCategory = z.object({
  CategoryName: z.string().nullish().catch(undefined),
  Attributes: z.array(z.unknown()).catch([]),
});
const productRow = z.object({ Id: number, Name: z.string().nullish() });
const catalogue = z.object({
  Categories: z.array(
    z.object({
      Name: z.string().nullish().catch(undefined),
      OrderAttributeCategoryList: z.array(z.unknown()).nullish().catch([]),
      ProductList: z.array(z.unknown()).nullish().catch([]),
    }),
  ),
});

/** One order attribute. `parentUid` is the attribute it goes together with; undefined when it stands alone. */
export interface OrderAttribute {
  uid: number;
  name: string;
  group: string;
  parentUid: number | undefined;
}

/** One product as it is made: its ProductUID is what an export names. */
export interface MadeProduct {
  uid: number;
  name: string;
  category: string;
}

/** GET /api/catalog. Recorded at 700 KB, so more than the usual size is let in. */
export async function fetchCatalogue(
  api: Api,
): Promise<{ attributes: OrderAttribute[]; products: MadeProduct[] }> {
  const maxBytes = 16 * 1024 * 1024;
  const reply = await ask(api, { method: "GET", path: "/catalog", maxBytes });
  const { Categories } = readReply(catalogue, reply);
  const attributes = Categories.flatMap(({ OrderAttributeCategoryList }) =>
    (OrderAttributeCategoryList ?? []).flatMap((each) => attributesIn(each)),
  );
  const products = Categories.flatMap(({ Name, ProductList }) =>
    (ProductList ?? []).flatMap((each) => {
      const row = productRow.safeParse(each).data;
      return row ? [{ uid: row.Id, name: row.Name ?? String(row.Id), category: Name ?? "" }] : [];
    }),
  );
  return { attributes: withoutTwins(attributes), products };
}

function attributesIn(raw: unknown): OrderAttribute[] {
  const category = attributeCategory.safeParse(raw).data;
  return (category?.Attributes ?? []).flatMap((each) => {
    const row = attribute.safeParse(each).data;
    if (!row || row.Id === 0) return [];
    const parentUid = row.ParentAttributeUID || undefined;
    return [{ uid: row.Id, name: row.AttributeName ?? "", group: category?.CategoryName ?? "", parentUid }];
  });
}

// Every product category repeats the attributes it allows.
function withoutTwins(attributes: readonly OrderAttribute[]): OrderAttribute[] {
  const first = new Map<string, OrderAttribute>();
  for (const each of attributes) {
    const key = `${each.uid}/${each.parentUid ?? ""}`;
    if (!first.has(key)) first.set(key, each);
  }
  return [...first.values()];
}

// The Editor API's calls about designs: products, designs, and the editors in which shoppers make them.
// Source: WHCC, "Products", "Designs", "Creating an Editor", "Complete", read 2026-11-22.
import { z } from "zod";
import { ask, type Api } from "./client.ts";
import { readReply } from "./status.ts";

const text = z.string().nullish().catch(undefined);
const named = z.object({ name: text }).nullish().catch(undefined);

const productRow = z.object({
  _id: z.string(),
  name: text,
  editorCompatibility: text,
  category: named,
});
const designRow = z.object({
  _id: z.string(),
  name: text,
  family: named,
  product: z.object({ _id: text, name: text }).nullish().catch(undefined),
});

/** A product that shoppers can design, or a design to start from. */
export interface CatalogueRow {
  id: string;
  name: string;
  category: string;
  /** For a product, which of WHCC's editors it opens in, e.g. "albumEditor"; for a design, the product it is for. */
  kind: string;
  /** For a design: the id of its product. */
  productId?: string | undefined;
}

/** GET /products: all products the key may sell. */
export async function fetchProducts(api: Api): Promise<CatalogueRow[]> {
  return (await rowsOf(api, "/products", productRow)).map((row) => ({
    id: row._id,
    name: row.name ?? row._id,
    category: row.category?.name ?? "",
    kind: row.editorCompatibility ?? "",
  }));
}

/** GET /designs: all designs the key may start an editor with. */
export async function fetchDesigns(api: Api): Promise<CatalogueRow[]> {
  return (await rowsOf(api, "/designs", designRow)).map((row) => ({
    id: row._id,
    name: row.name ?? row._id,
    category: row.family?.name ?? "",
    kind: row.product?.name ?? "",
    productId: row.product?._id ?? undefined,
  }));
}

// A list, or one below its own name: the page of designs shows no answer.
async function rowsOf<Row>(api: Api, path: string, row: z.ZodType<Row>): Promise<Row[]> {
  const list = z.array(z.unknown());
  const wrapped = z.record(z.string(), z.unknown()).transform((body, context) => {
    const found = list.safeParse(body[path.slice(1)]);
    if (found.success) return found.data;
    context.addIssue("no list");
    return z.NEVER;
  });
  const maxBytes = 8 * 1024 * 1024;
  const reply = await ask(api, { method: "GET", path, maxBytes });
  return readReply(z.union([list, wrapped]), reply).flatMap((each) => row.safeParse(each).data ?? []);
}

/** What `POST /editors` takes. `userId` must be the account of the token. */
export interface NewEditor {
  userId: string;
  productId: string;
  designId: string;
  redirects: { complete: Redirect; cancel: Redirect };
  settings?: {
    quantity?: { default: number };
    client?: {
      vendor?: string;
      accentColor?: string;
      studioName?: string;
      hidePricing?: boolean;
      markupType?: "PERCENT";
      markupAmount?: number;
    };
  };
  photos?: Photo[];
}

interface Redirect {
  text: string;
  /** `%EDITOR_ID%` in it is replaced by the editor's id. */
  url: string;
}

/** A photo for an editor. `printUrl` must stay readable until WHCC accepted the order. */
export interface Photo {
  id: string;
  name: string;
  url: string;
  printUrl?: string;
  filetype: "jpg" | "png";
  size: { original: { width: number; height: number } };
}

const created = z.object({ editorId: z.string().min(1), url: z.string().min(1) });
const link = z.object({ url: z.string().min(1) });
const cloned = z
  .object({ _id: z.string().optional(), editorId: z.string().optional() })
  .transform(({ _id, editorId }) => _id ?? editorId)
  .pipe(z.string().min(1));

/** POST /editors: a new editor and the address to send its shopper to, good for one visit. Twice makes two. */
export async function createEditor(api: Api, editor: NewEditor): Promise<{ editorId: string; url: string }> {
  const reply = await ask(api, { method: "POST", path: "/editors", json: editor });
  return readReply(created, reply, "design");
}

const editorReply = z.looseObject({
  userId: text,
  productId: text,
  designId: text,
  photos: z
    .array(z.object({ id: text, name: text, printUrl: text, url: text }))
    .nullish()
    .catch(undefined),
});

/** An editor as WHCC has it. The address of its photos is where WHCC will read them when it prints. */
export type Editor = z.infer<typeof editorReply>;

/** GET /editors/{id}. */
export async function fetchEditor(api: Api, editorId: string): Promise<Editor> {
  const reply = await ask(api, { method: "GET", path: pathOf(editorId) });
  return readReply(editorReply, reply, "design");
}

/** POST /editors/{id}/edit-link: a new address for one more visit to the same editor. */
export async function fetchEditLink(api: Api, editorId: string): Promise<string> {
  const path = `${pathOf(editorId)}/edit-link`;
  return readReply(link, await ask(api, { method: "POST", path, json: {} }), "design").url;
}

/** POST /editors/{id}/clone: a copy, so that the shopper's further changes do not touch what was bought. Answers its id. */
export async function cloneEditor(api: Api, editorId: string): Promise<string> {
  const path = `${pathOf(editorId)}/clone`;
  return readReply(cloned, await ask(api, { method: "POST", path, json: {} }), "design");
}

const pathOf = (editorId: string): string => `/editors/${encodeURIComponent(editorId)}`;

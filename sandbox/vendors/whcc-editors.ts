// WHCC's editors: one design of one shopper each, made here, finished on the page behind its link, exported later.
// Source: WHCC Editor API, "Create editor", "Completing an editor", read 2026-11-22.
import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { tinyPng } from "./pictures.ts";
import { html, json, type Call, type Reply, type Route } from "./stand-in.ts";
import { isCount, isInteger, isText, readStrictly } from "./strict.ts";
import { designs, products } from "./whcc-catalogue.ts";
import { editorPage, usedLinkPage } from "./whcc-editor-page.ts";
import { editorError, sentenceOf, unauthorized } from "./whcc-errors.ts";
import { makeOf, makes, type Make } from "./whcc-makes.ts";
import type { Caller, createTokens } from "./whcc-tokens.ts";

const isLink = isText.refine(
  (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
  "Not a valid URL.",
);
const redirectSchema = z.strictObject({ text: isText, url: isLink });
const photoSchema = z.strictObject({
  id: isText,
  name: isText,
  url: isLink,
  printUrl: isLink.optional(),
  filetype: z.enum(["jpg", "png"], { error: "Must be jpg or png." }),
  size: z.strictObject({ original: z.strictObject({ width: isCount, height: isCount }) }),
});
const clientSchema = z
  .strictObject({
    vendor: isText.optional(),
    accentColor: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, "Not a hex color.")
      .optional(),
    studioName: isText.optional(),
    hidePricing: z.boolean({ error: "Not a boolean." }).optional(),
    markupType: z.literal("PERCENT", { error: "Only PERCENT is supported." }).optional(),
    markupAmount: isInteger.positive("Must be a positive integer.").optional(),
  })
  .refine(
    (client) => client.markupAmount === undefined || client.markupType !== undefined,
    "markupAmount requires markupType.",
  );
const createSchema = z.strictObject({
  userId: isText,
  productId: isText,
  designId: isText,
  redirects: z.strictObject({ complete: redirectSchema, cancel: redirectSchema }),
  settings: z
    .strictObject({
      quantity: z.strictObject({ default: isCount }).optional(),
      client: clientSchema.optional(),
    })
    .optional(),
  photos: z.array(photoSchema).optional(),
});

type Photo = z.infer<typeof photoSchema>;

/** One design of one shopper. */
export interface Editor {
  id: string;
  /** The credentials it was made with. */
  key: string;
  /** The accountId that may use it. */
  userId: string;
  productId: string;
  designId: string;
  redirects: z.infer<typeof createSchema>["redirects"];
  photos: Photo[];
  quantity: number;
  markup: number | undefined;
  make: Make;
  /** Finished by the shopper. */
  complete: boolean;
}

/** An editor that exists from the start. */
export interface EditorSeed {
  id: string;
  userId: string;
  /** Id of a make, e.g. "block-10x10". */
  make: string;
  quantity?: number;
  /** Percent. */
  markup?: number;
  photos?: Photo[];
}

export const demoEditors: EditorSeed[] = [
  { id: "demoPhotoBlock", userId: "demo-shopper", make: "block-10x10", markup: 100 },
  { id: "demoPhotoPrint", userId: "demo-shopper", make: "print-5x7", quantity: 3 },
  { id: "demoAlbum", userId: "demo-shopper", make: "album-10x10" },
  { id: "demoOtherShopper", userId: "other-shopper", make: "block-10x10" },
];

interface Given {
  url: string;
  /** The credentials that the seeds belong to. */
  seedKey: string;
  seeds: EditorSeed[];
  as: ReturnType<typeof createTokens>["as"];
}

/** The routes for editors, and the editors themselves. */
export function createEditors({ url, seedKey, seeds, as }: Given) {
  const editors = new Map<string, Editor>();
  /** A link's token opens the editor once; opening gives a session that may finish it. */
  const links = new Map<string, string>();
  const sessions = new Map<string, string>();

  function plant(): void {
    for (const seed of seeds) {
      const make = makeOf(seed.make);
      const back = { text: "Back", url: `${url}/` };
      editors.set(seed.id, {
        id: seed.id,
        key: seedKey,
        userId: seed.userId,
        productId: make.productId,
        designId: designs.find(({ product }) => product._id === make.productId)?._id ?? "",
        redirects: { complete: back, cancel: back },
        photos: seed.photos ?? [],
        quantity: seed.quantity ?? 1,
        markup: seed.markup,
        make,
        complete: true,
      });
    }
  }
  plant();

  function linkTo(editor: Editor): string {
    const token = randomBytes(16).toString("hex");
    links.set(token, editor.id);
    return `${url}/editor/${editor.id}?token=${token}`;
  }

  /** The caller's own editor, or the answer to somebody else's. */
  function ownEditor(caller: Caller, id: string): Editor | Reply {
    if (caller.account === undefined) return unauthorized("403", "the token has no accountId claim");
    const editor = editors.get(id);
    if (editor?.key !== caller.key) return editorError(404, `Editor ${id} not found.`);
    if (editor.userId !== caller.account) {
      return unauthorized("403", `editor ${id} does not belong to the token's accountId`);
    }
    return editor;
  }

  function create(caller: Caller, call: Call): Reply {
    const read = readStrictly(createSchema, call.body);
    if (!read.ok) return editorError(400, sentenceOf(read.troubles));
    const { userId, productId, designId, redirects, settings, photos = [] } = read.value;
    if (caller.account === undefined) return unauthorized("403", "the token has no accountId claim");
    if (userId !== caller.account) return unauthorized("403", "userId is not the token's accountId");
    if (!products.some(({ _id }) => _id === productId))
      return editorError(400, "productId: Unknown product.");
    const design = designs.find(({ _id }) => _id === designId);
    if (design?.product._id !== productId) return editorError(400, "designId: No design of this product.");
    const make = makes.find((one) => one.productId === productId);
    if (!make) return editorError(400, "productId: This product cannot be edited.");
    const editor: Editor = {
      id: randomBytes(12).toString("hex"),
      key: caller.key,
      userId,
      productId,
      designId,
      redirects,
      photos,
      quantity: settings?.quantity?.default ?? 1,
      markup: settings?.client?.markupAmount,
      make,
      complete: false,
    };
    editors.set(editor.id, editor);
    return json(200, { editorId: editor.id, url: linkTo(editor) });
  }

  function on(step: (editor: Editor) => Reply) {
    return as((caller, call) => {
      const editor = ownEditor(caller, call.params[0] ?? "");
      return "status" in editor ? editor : step(editor);
    });
  }

  function clone(editor: Editor): Reply {
    const id = randomBytes(12).toString("hex");
    editors.set(id, { ...editor, id });
    return json(200, { _id: id });
  }

  /** The shopper follows the link: once. */
  function open(call: Call): Reply {
    const token = call.query.get("token") ?? "";
    const editor = links.get(token) === call.params[0] ? editors.get(call.params[0] ?? "") : undefined;
    if (!editor) return html(410, usedLinkPage);
    links.delete(token);
    const session = randomBytes(16).toString("hex");
    sessions.set(session, editor.id);
    return html(200, editorPage(editor, session));
  }

  /** The shopper is done: back to the shop, with the editor's id in the address. */
  function finish(call: Call): Reply {
    const form = new URLSearchParams(call.raw.toString("utf8"));
    const session = form.get("session") ?? "";
    const editor = sessions.get(session) === call.params[0] ? editors.get(call.params[0] ?? "") : undefined;
    const make = makes.find(({ id }) => id === form.get("make"));
    const quantity = Number(form.get("quantity"));
    if (make?.productId !== editor?.productId || !editor || !make || !Number.isInteger(quantity)) {
      return html(410, usedLinkPage);
    }
    sessions.delete(session);
    Object.assign(editor, { make, quantity: Math.max(1, quantity), complete: true });
    const back = editor.redirects.complete.url.replaceAll("%EDITOR_ID%", encodeURIComponent(editor.id));
    return { status: 303, headers: { location: back } };
  }

  const routes: Route[] = [
    { method: "POST", path: "/api/v1/editors", answer: as(create) },
    { method: "GET", path: "/api/v1/editors/*", answer: on((editor) => json(200, shown(editor))) },
    {
      method: "POST",
      path: "/api/v1/editors/*/edit-link",
      takes: "nothing",
      answer: on((editor) => json(200, { url: linkTo(editor) })),
    },
    { method: "POST", path: "/api/v1/editors/*/clone", takes: "nothing", answer: on(clone) },
    { method: "GET", path: "/api/v1/products", answer: () => json(200, products) },
    { method: "GET", path: "/api/v1/designs", answer: () => json(200, designs) },
    { method: "GET", path: "/editor/*", aside: true, answer: open },
    { method: "POST", path: "/editor/*/finish", aside: true, answer: finish },
    { method: "GET", path: "/s3/uploads/*/*", aside: true, answer: picture },
  ];
  return {
    routes,
    ownEditor,
    /** For the controls: any editor, or an exception that says there is none. */
    find(id: string): Editor {
      const editor = editors.get(id);
      if (!editor) throw new Error(`WHCC has no editor ${id}`);
      return editor;
    },
    reset(): void {
      editors.clear();
      links.clear();
      sessions.clear();
      plant();
    },
  };
}

/** GET /editors/{id}: its shape is in no document; WHCC's own example reads `photos`. */
function shown({ id, userId, productId, designId, photos, quantity, make, complete }: Editor) {
  return { _id: id, userId, productId, designId, complete, quantity, photos, selections: make.selections };
}

function picture(call: Call): Reply {
  return { status: 200, bytes: pictureOf(call.params[0] ?? "", call.params[1] ?? ""), type: "image/png" };
}

/** The picture behind /s3/uploads/{editor}/{file}. */
export function pictureOf(editorId: string, file: string): Buffer {
  return tinyPng(`${editorId}/${file.replace(/\.jpg$/, "")}`, 128);
}

const hashes = new Map<string, string>();

/** The MD5 of that picture; kept, because drawing it costs more than a whole export. */
export function pictureHash(editorId: string, file: string): string {
  const name = `${editorId}/${file}`;
  const hash = hashes.get(name) ?? createHash("md5").update(pictureOf(editorId, file)).digest("hex");
  if (hashes.size > 10_000) hashes.clear();
  hashes.set(name, hash);
  return hash;
}

// PUT /oas/editors/export: finished designs become a priced list and an order body, with every quirk of the
// document's example. Changes nothing. Source: WHCC Editor API, "Export Editors for Ordering", read 2026-11-22.
import { createHash } from "node:crypto";
import { z } from "zod";
import { json, type Call, type Reply } from "./stand-in.ts";
import { isCount, isInteger, isText, readStrictly } from "./strict.ts";
import { pictureHash, type createEditors, type Editor } from "./whcc-editors.ts";
import { editorError, sentenceOf } from "./whcc-errors.ts";
import { cents } from "./whcc-makes.ts";
import type { Caller } from "./whcc-tokens.ts";

const isString = z.string({ error: "Not a valid string." });
const addressSchema = z.strictObject({
  name: isString.optional(),
  addr1: isString.optional(),
  addr2: isString.optional(),
  city: isString.optional(),
  state: isString.optional(),
  zip: isString.optional(),
  country: isString.optional(),
});
const exportSchema = z.strictObject({
  editors: z
    .array(
      z.strictObject({
        editorId: isText.max(30, "Ensure this field has no more than 30 characters."),
        quantity: isCount.optional(),
        orderAttributes: z.array(isInteger).optional(),
        // Not in the document, but in WHCC's own example: other files to print from.
        photos: z.array(z.looseObject({ id: isText, printUrl: isText })).optional(),
      }),
    )
    .min(1, "Ensure this field has at least 1 elements."),
  orderAttributes: z.array(isInteger).optional(),
  entryId: isString.optional(),
  reference: isString.optional(),
  shipToAddress: addressSchema.optional(),
  shipFromAddress: addressSchema.optional(),
});
type Asked = z.infer<typeof exportSchema>;

interface Exported {
  editor: Editor;
  quantity: number;
  attributes: number[] | null;
  prints: Map<string, string>;
}

/** The export route, as the caller. */
export function exporter(editors: ReturnType<typeof createEditors>, url: string) {
  return (caller: Caller, call: Call): Reply => {
    if (typeof call.body === "object" && call.body !== null && "editorIds" in call.body) {
      return editorError(400, "editorIds: This payload format is deprecated; send editors.");
    }
    const read = readStrictly(exportSchema, call.body);
    if (!read.ok) return editorError(400, sentenceOf(read.troubles));
    const exported: Exported[] = [];
    for (const one of read.value.editors) {
      const editor = editors.ownEditor(caller, one.editorId);
      if ("status" in editor) return editor;
      if (!editor.complete) return editorError(400, `Editor ${editor.id} is not complete.`);
      if (exported.some((other) => other.editor === editor)) {
        return editorError(400, `Editor ${editor.id} is there twice.`);
      }
      exported.push({
        editor,
        quantity: one.quantity ?? editor.quantity,
        attributes: one.orderAttributes ?? read.value.orderAttributes ?? null,
        prints: new Map(one.photos?.map(({ id, printUrl }) => [id, printUrl])),
      });
    }
    // The example asks for 1, 2, 3 and gets 2, 3, 1: whoever matches by place instead of by id fails here.
    const turned = [...exported.slice(1), ...exported.slice(0, 1)];
    const items = turned.map((one) => itemOf(one, url));
    const total = (of: "basePrice" | "markedUpPrice"): number =>
      cents(items.reduce((sum, { pricing }) => sum + pricing[of], 0));
    return json(200, {
      items,
      order: orderOf(turned, { asked: read.value, url }),
      pricing: {
        code: "USD",
        totalOrderMarkedUpPrice: total("markedUpPrice"),
        totalOrderBasePrice: total("basePrice"),
      },
    });
  };
}

function itemOf({ editor, quantity }: Exported, url: string) {
  const { make, markup } = editor;
  const basePrice = cents(make.unitPrice * quantity);
  const picture = `${url}/s3/uploads/${editor.id}/${make.id}`;
  return {
    id: editor.id,
    pricing: {
      basePrice,
      markedUpPrice: cents(basePrice * (1 + (markup ?? 0) / 100)),
      unitBasePrice: make.unitPrice,
      ...(markup === undefined ? {} : { markupAmount: markup, markupType: "PERCENT" }),
      quantity,
      code: "USD",
    },
    editor: {
      id: editor.id,
      productPreviews: {
        [make.preview.key]: {
          scale_256: `${picture}-256.jpg`,
          scale_512: `${picture}-512.jpg`,
          scale_1024: `${picture}-1024.jpg`,
          name: make.preview.name,
        },
      },
      selectionsSummary: make.selections.map(({ id, name, description }) => ({
        id,
        label: id,
        name,
        description,
      })),
    },
  };
}

/** Same attributes share an Order; an album of n becomes n Orders of one, as in the example. */
function orderOf(exported: Exported[], { asked, url }: { asked: Asked; url: string }) {
  const groups: { attributes: number[] | null; items: unknown[]; album: boolean }[] = [];
  for (const { attributes, ...one } of exported) {
    const item = itemBody(one, url);
    if (one.editor.make.album) {
      for (let n = 0; n < one.quantity; n += 1) {
        groups.push({ attributes, items: [{ ...item, Quantity: 1 }], album: true });
      }
      continue;
    }
    const same = groups.find(
      (group) => !group.album && JSON.stringify(group.attributes) === JSON.stringify(attributes),
    );
    if (same) same.items.push(item);
    else groups.push({ attributes, items: [item], album: false });
  }
  return {
    EntryId: asked.entryId ?? null,
    Orders: groups.map(({ attributes, items }, at) => ({
      SequenceNumber: at + 1,
      DropShipFlag: 1,
      FromAddressValue: 2,
      Reference: asked.reference ?? null,
      ShipToAddress: addressOf(asked.shipToAddress),
      ShipFromAddress: addressOf(asked.shipFromAddress),
      OrderAttributes: attributes?.map((uid) => ({ AttributeUID: uid })) ?? null,
      OrderItems: items,
    })),
  };
}

/** "Any required fields for OrderImport will be initialized to null." */
function addressOf(address: Asked["shipToAddress"] = {}) {
  return {
    Name: address.name ?? null,
    Addr1: address.addr1 ?? null,
    ...(address.addr2 === undefined ? {} : { Addr2: address.addr2 }),
    City: address.city ?? null,
    State: address.state ?? null,
    Zip: address.zip ?? null,
    Country: address.country ?? null,
  };
}

function itemBody({ editor, quantity, prints }: Omit<Exported, "attributes">, url: string) {
  const { make } = editor;
  const pages = make.album?.pages ?? 1;
  const assets = Array.from({ length: pages }, (_, at) => {
    const photo = editor.photos[at % Math.max(editor.photos.length, 1)];
    const file = `${make.id}-${at + 1}.jpg`;
    // An album is printed from rendered pages, everything else from the shopper's own file.
    const own = make.album ? undefined : photo && (prints.get(photo.id) ?? photo.printUrl ?? photo.url);
    return {
      AssetPath: own ?? `${url}/s3/uploads/${editor.id}/${file}`,
      // Text in one kind of product and a number in the other, as the example has it.
      DP2NodeID: make.album ? 10000 : "10000",
      ImageHash: own ? md5(own) : pictureHash(editor.id, file),
      PrintedFileName: `${editor.id}-10000`,
      OffsetX: 50,
      OffsetY: 50,
      ImageRotation: 0,
      X: 50,
      Y: 50,
      ZoomX: 100,
      ZoomY: make.album ? 100 : 66.54135338345864,
      ...(make.album ? { PageNumber: at + 1 } : {}),
    };
  });
  return {
    ...(make.album ? { LayoutRotation: 0 } : {}),
    ItemBookAttribute: make.album
      ? { NumberOfPages: make.album.pages, BookAttributeUID: make.album.bookAttribute }
      : null,
    ItemAssets: assets,
    ItemAttributes: make.attributes.map(({ uid }) => ({ AttributeUID: uid })),
    ProductUID: make.productUid,
    Quantity: quantity,
    EditorId: editor.id,
  };
}

/** Stands for the hash of a file that only the real WHCC would fetch. */
function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

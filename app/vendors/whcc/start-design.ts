// The tool that starts a design for a shopper, with everything that WHCC lets an editor be told.
import { defineTool, withoutGaps } from "../vendor.ts";
import { account, accountOf } from "./account.ts";
import { editorApi } from "./client.ts";
import { createEditor, type NewEditor, type Photo } from "./editors.ts";
import { makeOnce } from "./once.ts";
import { accountProperty } from "./payload.ts";
import type { Settings } from "./settings.ts";

/** POST /editors as a form. */
export const startDesign = defineTool<Settings>()({
  id: "start-design",
  label: "Start a design",
  help: "Makes an editor for a shopper and shows its address. Your shop does this by itself once it is connected to WHCC; here you can try it out.",
  group: "Designs",
  fields: [
    account,
    { key: "productId", kind: "text", label: "Product ID", help: "From the tool “Products to design”." },
    { key: "designId", kind: "text", label: "Design ID", help: "From the tool “Designs to start from”." },
    {
      key: "completeUrl",
      kind: "url",
      label: "Where the shopper returns when done",
      help: "%EDITOR_ID% in it becomes the editor's ID.",
    },
    { key: "completeText", kind: "text", label: "Button for that", default: "Add to cart" },
    { key: "cancelUrl", kind: "url", label: "Where the shopper returns otherwise" },
    { key: "cancelText", kind: "text", label: "Button for that", default: "Back to the shop" },
    { key: "quantity", kind: "number", label: "Quantity at first", required: false, min: 1, whole: true },
    { key: "studioName", kind: "text", label: "Studio name", required: false },
    {
      key: "accentColor",
      kind: "text",
      label: "Accent colour",
      required: false,
      pattern: {
        regex: "#[0-9A-Fa-f]{6}",
        message: "Write the colour as # and six digits, for example #ff0000.",
      },
    },
    { key: "hidePricing", kind: "toggle", label: "Hide prices in the editor", default: true },
    {
      key: "markupPercent",
      kind: "number",
      label: "Markup in percent",
      help: "What the editor adds to WHCC's prices. Not used when prices are hidden.",
      required: false,
      min: 1,
      whole: true,
    },
    {
      key: "photos",
      kind: "list",
      label: "Photos",
      required: false,
      fields: [
        { key: "url", kind: "url", label: "Address of the photo" },
        {
          key: "printUrl",
          kind: "url",
          label: "Address of the photo in full size",
          help: "It must stay readable until WHCC has accepted the order.",
          required: false,
        },
        { key: "name", kind: "text", label: "Name", required: false },
        { key: "width", kind: "number", label: "Width in pixels", min: 1, whole: true },
        { key: "height", kind: "number", label: "Height in pixels", min: 1, whole: true },
      ],
    },
  ],
  confirm: "Start a new design at WHCC? It costs nothing until it is ordered.",
  run: async (input, settings, calls) => {
    const userId = accountOf(input.accountId, settings);
    const client = withoutGaps({
      vendor: "default",
      accentColor: input.accentColor,
      studioName: input.studioName,
      hidePricing: input.hidePricing,
      ...(input.markupPercent !== undefined && {
        markupType: "PERCENT" as const,
        markupAmount: input.markupPercent,
      }),
    }) as NonNullable<NonNullable<NewEditor["settings"]>["client"]>;
    const photos = input.photos.map((photo, place) => toPhoto(photo, place + 1));
    const body: NewEditor = {
      userId,
      productId: input.productId.trim(),
      designId: input.designId.trim(),
      redirects: {
        complete: { text: input.completeText, url: input.completeUrl },
        cancel: { text: input.cancelText, url: input.cancelUrl },
      },
      settings: { ...(input.quantity !== undefined && { quantity: { default: input.quantity } }), client },
      ...(photos.length > 0 && { photos }),
    };
    return makeOnce(
      { name: `start:${userId}/${body.productId}/${body.designId}`, what: "design" },
      calls,
      async () => {
        const { editorId, url } = await createEditor(await editorApi(userId, settings, calls), body);
        await calls.keep(`account:${editorId}`, userId);
        return {
          sentence: `The design was started. Its address works for one visit; the tool “Open a design again” brings another one.`,
          facts: [
            ["Editor ID", editorId],
            ["Account ID", userId],
          ],
          table: { columns: ["Address of the editor"], rows: [[{ text: "Open the editor", href: url }]] },
          warnings: [
            `Lines with this design need the properties ${settings.editorProperty} and ${accountProperty}.`,
          ],
        };
      },
    );
  },
});

function toPhoto(
  photo: {
    url: string;
    printUrl?: string | undefined;
    name?: string | undefined;
    width: number;
    height: number;
  },
  number: number,
): Photo {
  const { url, printUrl, name, width, height } = photo;
  const ending = /\.(jpe?g|png)$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase();
  return {
    id: String(number),
    name: name ?? `Photo ${number}`,
    url,
    ...(printUrl !== undefined && { printUrl }),
    filetype: ending === "png" ? "png" : "jpg",
    size: { original: { width, height } },
  };
}

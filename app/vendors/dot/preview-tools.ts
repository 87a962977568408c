// Tools about previews: have a photo painted as a shopper would see it, and see what can be ordered from it.
import { defineTool, refuse, type Cell } from "../vendor.ts";
import { namedLooks, purchaseOptions, readPreview, startPreview, type PurchaseOption } from "./previews.ts";
import type { Settings } from "./settings.ts";

const group = "Previews";
// The number of the last preview that was started here, so that nobody has to copy it.
const lastPreview = "preview:last";
const uploadCapBytes = 25 * 1024 * 1024;

/** Starts a preview ("POST /api/v1/preview/"). */
export const tryPreview = defineTool<Settings>()({
  id: "try-preview",
  label: "Paint a photo",
  help: "Has MGE make preview paintings of a photo, as for a shopper. Nothing is ordered; previews count against your quota at MGE.",
  group,
  fields: [
    {
      key: "photo",
      kind: "file",
      label: "Photo",
      help: "JPEG, PNG or WebP, up to 25 MB.",
      accept: "image/jpeg,image/png,image/webp",
      maxBytes: uploadCapBytes,
    },
    {
      key: "size",
      kind: "text",
      label: "Size",
      help: "As the kits have it, e.g. 40X50.",
      default: "40X50",
      pattern: { regex: "\\d{1,3}[xX]\\d{1,3}", message: "A size is written like 40X50." },
    },
    {
      key: "looks",
      kind: "text",
      label: "Looks",
      help: "MGE's names, separated by commas.",
      default: namedLooks.join(", "),
    },
    {
      key: "comparisons",
      kind: "number",
      label: "Pictures of each look",
      whole: true,
      min: 1,
      max: 9,
      default: 1,
    },
    { key: "enhance", kind: "toggle", label: "Let MGE improve the photo first", default: true },
    { key: "crop", kind: "toggle", label: "Let MGE choose what to crop", default: true },
  ],
  async run({ photo, size, looks, comparisons, enhance, crop }, settings, calls) {
    const wanted = [...new Set(looks.split(/[\s,;]+/).filter(Boolean))];
    const options = { comparisonCount: comparisons, autoEnhance: enhance, autoCrop: crop };
    // The shopper's or merchant's own file name may hold a name; MGE needs none.
    const file = { ...photo, filename: `photo.${photo.contentType.replace(/^image\/(x-)?/, "") || "jpg"}` };
    const { previewId } = await startPreview({ file, size, looks: wanted, options }, settings, calls);
    await calls.keep(lastPreview, previewId);
    return {
      sentence: "MGE is painting. Look at the preview in a few seconds.",
      facts: [["Preview", previewId]],
    };
  },
});

/** A preview and what can be ordered from it ("GET /api/v1/preview/{id}/" and "…/purchase-options/"). */
export const lookAtPreview = defineTool<Settings>()({
  id: "look-at-preview",
  label: "Look at a preview",
  help: "Shows the paintings of a preview, and every kit that can be ordered from it with what MGE charges you.",
  group,
  fields: [
    {
      key: "preview",
      kind: "text",
      label: "Preview",
      help: "Its number. Leave empty for the last one that was painted here.",
      required: false,
    },
  ],
  async run({ preview }, settings, calls) {
    const previewId = preview?.trim() || (await calls.kept(lastPreview));
    if (!previewId) return refuse("Fill in the number of a preview, or paint a photo first.");
    const found = await readPreview(previewId, settings, calls);
    if (found === "gone") return refuse(`MGE has no preview ${previewId}. Previews end after some hours.`);
    if (found.state === "failed")
      return {
        sentence: "MGE could not make this preview. Try another photo.",
        facts: [["Preview", previewId]],
      };
    if (found.state === "working")
      return {
        sentence: "MGE is still painting. Look again in a few seconds.",
        facts: [["Preview", previewId]],
      };
    const options = await purchaseOptions(previewId, settings, calls);
    const rows = options === "gone" ? [] : options;
    const image = found.looks.find(({ imageUrl }) => imageUrl !== undefined)?.imageUrl;
    return {
      sentence: `${found.looks.length} painting${found.looks.length === 1 ? "" : "s"}, to be ordered in ${rows.length} ways.`,
      facts: [
        ["Preview", previewId],
        ...found.looks.map(
          (look) => [look.label || "Painting", look.optionId ?? "cannot be ordered"] as const,
        ),
      ],
      table: {
        columns: ["Painting", "Kit", "SKU", "Speed", "MGE charges", "Preview option", "Picture"],
        rows: rows.map(rowOf),
      },
      ...(image !== undefined && { image }),
    };
  },
});

function rowOf(option: PurchaseOption): Cell[] {
  const { imageUrl } = option;
  return [
    option.label,
    option.description || option.frame,
    option.sku,
    option.speed,
    option.cost ?? "",
    option.optionId,
    imageUrl === undefined ? "" : { text: "Open", href: imageUrl },
  ];
}

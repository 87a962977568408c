// MGE's previews as the app asks for them: sizes from SKUs, a rhythm of looking, and what of the answers is kept.
// Source: MGE DOT guide, "Flow B: Preview => Order", read 2026-11-22; rhythm and pitch as partners of MGE have them.
import type { PreviewNews, PreviewsAbility, PreviewSize } from "../vendor.ts";
import { namedLooks, purchaseOptions, readPreview, startPreview } from "./previews.ts";
import type { Product, Settings } from "./settings.ts";

// Four dots to a centimetre: the pitch of such kits (MGE publishes none). It only decides what a photo is good for.
const dotsPerCm = 4;

const labels: Record<(typeof namedLooks)[number], string> = {
  source: "True to the photo",
  drama: "Dramatic",
};

/**
 * The size in a SKU: "DOT/VF/40X50/W/BLACK/STD" is 40 × 50 cm. Looked for by its form, because SKUs of six and of
 * seven pieces were seen; undefined for a SKU without one.
 */
export function sizeOf(product: Product, sku: string | undefined): PreviewSize | undefined {
  const own = /^DOT\//i.test(sku ?? "") ? sku : undefined;
  for (const piece of (product.sku || own || "").split("/").slice(1)) {
    const [, one, other] = /^(\d{1,3})X(\d{1,3})$/i.exec(piece) ?? [];
    const [short = 0, long = 0] = [Number(one), Number(other)].sort((a, b) => a - b);
    if (!short || !long) continue;
    return {
      code: piece.toUpperCase(),
      label: `${short} × ${long}`,
      widthMm: short * 10,
      heightMm: long * 10,
      dots: [short * dotsPerCm, long * dotsPerCm],
    };
  }
  return undefined;
}

/** The `previews` of MGE DOT. */
export const previews: PreviewsAbility<Settings, Product> = {
  looks: namedLooks.map((look) => ({ look, label: labels[look] })),
  sizeOf,
  start: async ({ file, size, looks, cropped }, settings, asking) => {
    const wish = { file, size, looks, options: { autoCrop: !cropped } };
    return (await startPreview(wish, settings, asking)).previewId;
  },
  read: async (previewId, settings, asking): Promise<PreviewNews> => {
    const preview = await readPreview(previewId, settings, asking);
    if (preview === "gone") return { state: "gone", looks: [], options: [] };
    const { state, looks } = preview;
    if (state !== "ready") return { state, looks, options: [] };
    const offered = await purchaseOptions(previewId, settings, asking);
    if (offered === "gone") return { state: "gone", looks: [], options: [] };
    const lookOf = new Map(looks.map(({ optionId, look }) => [optionId, look]));
    const options = offered.flatMap(({ optionId, sku }) => {
      const look = lookOf.get(optionId);
      return look === undefined ? [] : [{ look, sku, optionId }];
    });
    // Ready, but nothing to buy yet: the two answers are not made at one moment.
    return { state: options.length > 0 ? "ready" : "working", looks, options };
  },
  // Partners ask every two seconds and give up after two minutes; the first looks are closer, for what is quick.
  nextLook: (age) => (age < 3 ? 0.5 : age < 30 ? 2 : 5),
  longestSeconds: 150,
  lifeSeconds: ({ previewDays }) => previewDays * 86_400,
  isStale: (words) => /preview/i.test(words) && /expired|no longer offers/i.test(words),
  whenMadeAgain: ({ previewAgain }) => (previewAgain === "send" ? "send" : "hold"),
  ordersPhotos: ({ artworkSource }) => artworkSource === "photo",
};

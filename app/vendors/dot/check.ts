// Whether MGE would make an order, without ordering it: its photos, its previews, and MGE's own dry run.
import { VendorError } from "../vendor.ts";
import { variants } from "./catalogue.ts";
import { validateOrder } from "./client.ts";
import type { Payload } from "./payload.ts";
import { lookAtPhotos } from "./photo.ts";
import { purchaseOptions, type PurchaseOption } from "./previews.ts";
import type { Gone, Talk } from "./request.ts";

/**
 * The `check` of an order: problems as sentences, none when MGE would make it. Nothing is left behind at MGE: the dry
 * run of direct orders answers for drafts too ("POST /api/v1/orders/validate/", MGE DOT guide, "Testing tool"), and
 * what only a draft can hold is looked up another way.
 */
export async function check(payload: Payload, talk: Talk): Promise<string[]> {
  const photos = await words(() => lookAtPhotos(payload, talk.asking));
  const previews = await staleLines(payload, talk);
  return [...photos, ...previews, ...(await dryRun(payload, talk))];
}

// What refuses one thing must not hide what else is wrong.
async function words(look: () => Promise<void>): Promise<string[]> {
  try {
    await look();
    return [];
  } catch (error) {
    if (error instanceof VendorError && error.problem === "rejected") return [error.message];
    throw error;
  }
}

// A file has no link before its draft exists. The dry run is given the link it comes from; a stored file has none
// that MGE may know, so of its line only the SKU is looked up.
async function dryRun({ order, files }: Payload, talk: Talk): Promise<string[]> {
  const linked = order.line_items.flatMap((item, line) => {
    const file = files.find((one) => one.line === line);
    if (!file) return [{ item, line }];
    return file.url === undefined ? [] : [{ item: { ...item, asset_url: file.url }, line }];
  });
  const unseen = order.line_items.filter((_item, line) => !linked.some((one) => one.line === line));
  const strange = unseen.length > 0 ? await strangeSkus(new Set(unseen.map(({ sku }) => sku)), talk) : [];
  if (linked.length === 0) return strange;
  const body = { ...order, line_items: linked.map(({ item }) => item) };
  const numbers = linked.map(({ line }) => line + 1);
  return [...strange, ...(await validateOrder({ order: body, numbers }, talk))];
}

async function strangeSkus(skus: ReadonlySet<string>, talk: Talk): Promise<string[]> {
  const known = new Set((await variants(talk)).map(({ sku }) => sku.toUpperCase()));
  return [...skus]
    .filter((sku) => !known.has(sku.toUpperCase()))
    .map((sku) => `MGE DOT does not list ${sku}. Choose another kit on the Products page.`);
}

/** One sentence for each line whose chosen preview MGE no longer offers with the line's SKU. */
export async function staleLines({ order, previews }: Payload, talk: Talk): Promise<string[]> {
  const stale: string[] = [];
  for (const { line, previewId } of previews) {
    const item = order.line_items[line];
    const options = await offered(previewId, talk);
    const isThere =
      options !== "gone" &&
      options.some((each) => each.optionId === item?.preview_option_id && each.sku === item.sku);
    if (!isThere)
      stale.push(
        `MGE DOT no longer offers the preview that line ${line + 1} (${item?.sku ?? ""}) was ordered from. Ask the shopper to choose again, or choose the photo in the MGE DOT settings and try again.`,
      );
  }
  return stale;
}

// The number of a preview stands on the line, where a shopper can write any. MGE's 403 for one that is not the
// merchant's says nothing about the key, so it must not pause the connection.
async function offered(previewId: string, talk: Talk): Promise<PurchaseOption[] | Gone> {
  try {
    return await purchaseOptions(previewId, talk.settings, talk.asking);
  } catch (error) {
    if (error instanceof VendorError && error.status === 403) return "gone";
    throw error;
  }
}

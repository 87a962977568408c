// One batch of products to dotcph and back: packed by size, halved where one product spoils the rest, and an answer
// for every one of them. Every request is an upsert, so whatever is not answered for is simply sent again.
import { VendorError, type Asking, type Notes, type Published, type PublishedItem } from "../vendor.ts";
import { checkHealth, pushProducts, refusedWhole, type PushedProduct } from "./client.ts";
import type { Item } from "./payload.ts";
import { asBytes, asLinks, markOf, type Delayed, type PictureBody, type Silences } from "./pictures.ts";
import type { Settings } from "./settings.ts";
import { readError, readOutcomes, type Outcome } from "./status.ts";

// No limit is documented. Eight megabytes pass most servers' doors, and a product of its own is sent alone.
const mostBodyBytes = 8 * 1024 * 1024;
// One bad product among 100 is found in fifteen requests; a batch of nothing but bad ones must not take hundreds.
const mostRequests = 40;
const mostSuffixNote = 2000;

interface Work {
  settings: Settings;
  asking: Asking;
  /** True when pictures go as bytes. */
  uploads: boolean;
  /** Said of every product whose pictures were to be uploaded and cannot be. */
  storageRemark: string | undefined;
  /** Made for the group that is being sent. */
  requests: number;
  silences: Silences;
}

/** One product, ready to leave. */
interface Parcel {
  at: number;
  item: Item;
  notes: Notes;
  body: PushedProduct;
  /** What the pictures were when they were sent; undefined when none are sent by setting. */
  mark: string | undefined;
  leftOut: boolean;
  remarks: string[];
  bytes: number;
}

/** Publishes a batch. Throws VendorError only before anything can be said of a single product. */
export async function publish(
  items: readonly PublishedItem<Item>[],
  settings: Settings,
  asking: Asking,
): Promise<Published[]> {
  const answers = new Map<number, Published>();
  // Kept apart: only what dotcph itself answered proves that the connection works.
  const waiting = new Map<number, Published>();
  const answerFor = (at: number, otherwise: string): Published =>
    answers.get(at) ?? waiting.get(at) ?? { sentence: otherwise, problem: "retry" };
  try {
    const work = await begin(items, settings, asking);
    for await (const group of groups(items, { work, waiting })) {
      work.requests = 0;
      await send(group, { work, answers });
    }
  } catch (error) {
    // What was answered for is done. The rest waits with the same sentence and meets the same trouble at its next try.
    if (!(error instanceof VendorError) || answers.size === 0) throw error;
    return items.map((_, at) => answerFor(at, error.message));
  }
  return items.map((_, at) => answerFor(at, untold));
}

const untold = "dotcph did not say what became of this product. It is sent again.";

async function begin(
  items: readonly PublishedItem<Item>[],
  settings: Settings,
  asking: Asking,
): Promise<Work> {
  const work = {
    settings,
    asking,
    uploads: false,
    storageRemark: undefined,
    requests: 0,
    silences: new Map<string, number>(),
  };
  const uploads = items.some(
    ({ item: { pictures } }) => pictures?.as === "upload" && pictures.list.length > 0,
  );
  if (!uploads) return work;
  const { hasStorage } = await checkHealth(settings, asking);
  return hasStorage
    ? { ...work, uploads: true }
    : {
        ...work,
        storageRemark: "Its pictures were sent as links, because your agency has no picture storage.",
      };
}

/**
 * The batch in groups that fit one request. Pictures are fetched group by group: a batch of them would fill the memory.
 * A product whose pictures cannot be had is put to `waiting` and holds no other back.
 */
async function* groups(
  items: readonly PublishedItem<Item>[],
  { work, waiting }: { work: Work; waiting: Map<number, Published> },
): AsyncGenerator<Parcel[]> {
  let group: Parcel[] = [];
  let bytes = 0;
  for (const [at, { item, notes }] of items.entries()) {
    const parcel = await pack({ at, item, notes }, work);
    if ("waitsFor" in parcel) {
      waiting.set(at, { sentence: parcel.waitsFor, problem: "retry", notes });
      continue;
    }
    if (group.length > 0 && bytes + parcel.bytes > mostBodyBytes) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(parcel);
    bytes += parcel.bytes;
  }
  if (group.length > 0) yield group;
}

async function pack(given: { at: number; item: Item; notes: Notes }, work: Work): Promise<Parcel | Delayed> {
  const { item, notes } = given;
  const { product, pictures } = item;
  const uploads = work.uploads && pictures?.as === "upload";
  const mark = pictures && (await markOf([product.sku, uploads, pictures.list]));
  const isSame = mark === undefined || notes["pictures"] === mark;
  const leftOut = isSame && pictures?.unchanged !== "send again";
  const remarks = [...item.remarks];
  let images: PictureBody[] | undefined;
  if (pictures && !leftOut) {
    const { list } = pictures;
    const read = uploads
      ? await asBytes(list, work.asking, work.silences)
      : { bodies: asLinks(list), remarks: [] };
    if ("waitsFor" in read) return read;
    images = read.bodies;
    remarks.push(...read.remarks);
    if (work.storageRemark !== undefined && images.length > 0) remarks.push(work.storageRemark);
  }
  const body = { ...product, ...(images && { images }) };
  return { ...given, body, mark, leftOut, remarks, bytes: JSON.stringify(body).length };
}

interface Sending {
  work: Work;
  answers: Map<number, Published>;
}

async function send(group: readonly Parcel[], { work, answers }: Sending): Promise<void> {
  if (work.requests >= mostRequests) {
    const sentence = "Waits until the products that dotcph refuses are told from the others.";
    for (const { at, notes } of group) answers.set(at, { sentence, problem: "retry", notes });
    return;
  }
  work.requests++;
  const { settings, asking } = work;
  const reply = await pushProducts(
    group.map(({ body }) => body),
    settings,
    asking,
  );
  if (refusedWhole.includes(reply.status)) {
    const [only] = group;
    if (only && group.length === 1) {
      const sentence = `dotcph: ${readError(reply).words ?? `the product was refused without a reason (status ${reply.status}).`}`;
      answers.set(only.at, { sentence, problem: "rejected", notes: only.notes });
      return;
    }
    // A refusal of the whole does not say for which product; asked by halves, it does.
    const middle = Math.ceil(group.length / 2);
    await send(group.slice(0, middle), { work, answers });
    await send(group.slice(middle), { work, answers });
    return;
  }
  const outcomes = readOutcomes(
    reply,
    group.map(({ item }) => item.product.sku),
  );
  for (const [n, parcel] of group.entries()) {
    const outcome = outcomes[n] ?? "untold";
    answers.set(parcel.at, answerOf(parcel, outcome));
    // Created anew although we had sent its pictures before: it was deleted there, and its pictures with it.
    if (
      parcel.leftOut &&
      parcel.mark !== undefined &&
      outcome !== "untold" &&
      outcome.done &&
      outcome.created
    )
      await sendPictures(parcel, { work, answers });
  }
}

async function sendPictures({ at, item, notes }: Parcel, { work, answers }: Sending): Promise<void> {
  const without = { ...notes, pictures: null };
  const whole = await pack({ at, item, notes: without }, work);
  const isWaiting = "waitsFor" in whole;
  if (!isWaiting && (whole.body.images ?? []).length === 0) return;
  // Until they have arrived, "created" is half of it: what the notes say of pictures was said of the lost product.
  const sentence = isWaiting ? whole.waitsFor : "Created. Its pictures are sent again.";
  answers.set(at, { sentence, problem: "retry", notes: without });
  if (!isWaiting) await send([whole], { work, answers });
}

function answerOf(parcel: Parcel, outcome: Outcome): Published {
  const { notes, remarks, item, body } = parcel;
  if (outcome === "untold") return { sentence: untold, problem: "retry", notes };
  if (!outcome.done) {
    // The document does not tell a product's fault from a moment's. What is said twice is meant.
    const isMeant = notes["refused"] === outcome.error;
    return {
      sentence: `dotcph: ${outcome.error}`,
      problem: isMeant ? "rejected" : "retry",
      notes: { ...notes, refused: outcome.error },
    };
  }
  // Under the SKU, because under another one it is another product.
  const kept = [item.product.sku, ...(item.product.variants ?? []).map(({ sku_suffix }) => sku_suffix)];
  const said = [
    outcome.created ? "Created." : "Updated.",
    ...remarks,
    ...missingPictures(body.images, outcome.pictures),
    ...goneVariants(notes["suffixes"], kept),
  ];
  const suffixes = JSON.stringify(kept);
  return {
    sentence: said.join(" "),
    notes: {
      ...notes,
      refused: null,
      ...(parcel.mark !== undefined && { pictures: parcel.mark }),
      ...(outcome.productId !== undefined && { product: outcome.productId }),
      suffixes: suffixes.length <= mostSuffixNote ? suffixes : null,
    },
  };
}

// Only for uploads: whether a link counts as uploaded the document leaves open.
function missingPictures(images: readonly PictureBody[] | undefined, stored: number | undefined): string[] {
  const sent = (images ?? []).filter((image) => "data" in image).length;
  if (stored === undefined || stored >= sent) return [];
  return [`Only ${stored} of ${sent} pictures were stored.`];
}

// Whether a variant that is no longer sent goes is unknown, so a person is told to look.
function goneVariants(before: Notes[string] | undefined, now: readonly string[]): string[] {
  if (typeof before !== "string") return [];
  const [sku, ...suffixes] = JSON.parse(before) as string[];
  const gone = suffixes.filter((suffix) => !now.includes(suffix));
  if (sku !== now[0] || gone.length === 0) return [];
  return [
    `It no longer has ${gone.join(", ")}; dotcph may go on showing ${gone.length === 1 ? "it" : "them"}.`,
  ];
}

// One draft per order: made, filled, validated, submitted. Its number is in the notes before it can be submitted,
// and a draft that may have been submitted is never replaced by another, so a second order cannot come to be.
import { VendorError, refuse, type ArtworkFile, type Calls, type Notes, type Receipt } from "../vendor.ts";
import {
  addAsset,
  changeDraft,
  createDraft,
  readOneDraft,
  submitDraft,
  validateDraft,
  type Refused,
} from "./client.ts";
import type { FileToBring, Payload } from "./payload.ts";
import { bringPhoto, lookAtPhotos } from "./photo.ts";
import type { Settings } from "./settings.ts";
import { refusalSentence } from "./status.ts";

/** What placing an order by draft needs; `extras` is what only drafts take. */
export interface Conversation {
  payload: Payload;
  settings: Settings;
  calls: Calls;
  key: string;
  extras: NonNullable<Payload["draft"]>;
}

/** What the notes say of the draft of this order. */
interface Kept {
  draftId: string;
  /** Which content the draft was filled with, as a digest. */
  filled: string | undefined;
  readyUntil: string | undefined;
  /** Set, durably, before the first submit of this draft leaves. */
  submitTried: boolean;
}

/** The draft of this order in the notes, if there is one. */
export function keptIn(notes: Readonly<Notes>, resend: number): Kept | undefined {
  // A draft from before "it does not exist, send again" is what the person said does not count.
  if (typeof notes["draftId"] !== "string" || (notes["resend"] ?? 0) !== resend) return undefined;
  return {
    draftId: notes["draftId"],
    filled: typeof notes["filled"] === "string" ? notes["filled"] : undefined,
    readyUntil: typeof notes["readyUntil"] === "string" ? notes["readyUntil"] : undefined,
    submitTried: notes["submitTried"] === true,
  };
}

/**
 * The order behind a draft that was submitted before, if there is one by now. Asked before anything else is
 * done, also when the merchant switched to direct orders in between.
 */
export async function orderFromBefore({
  payload,
  settings,
  calls,
}: Omit<Conversation, "extras" | "key">): Promise<Receipt | undefined> {
  const kept = keptIn(calls.notes, payload.resend);
  if (!kept?.submitTried) return undefined;
  const draft = await readOneDraft(kept.draftId, { settings, asking: calls });
  if (draft === "gone") throw vanished(kept.draftId);
  if (draft.state === "unknown")
    throw new VendorError("unsure", `MGE DOT says that draft ${kept.draftId} is “${draft.status}”.`);
  // Submitted, but the number not told: submitting the draft once more brings the order that exists.
  const told = draft.orderNumber !== undefined || !payload.draft;
  return draft.state === "submitted" && told ? receiptOf(draft) : undefined;
}

/** Places the order by its draft, going on from wherever an earlier try came to. */
export async function byDraft(conversation: Conversation): Promise<Receipt> {
  const { payload, calls, extras } = conversation;
  const kept = keptIn(calls.notes, payload.resend);
  const wanted = await digest(JSON.stringify([payload.order, extras, payload.files]));
  if (kept?.filled !== wanted) await lookAtPhotos(payload, calls);
  const whole = { ...conversation, wanted };
  const placed = kept && (await finish(kept, whole));
  if (placed && placed !== "gone") return placed;
  // Here a kept draft is gone and was surely never submitted: only then may there be another one.
  const placedAnew = await finish(await start(whole), whole);
  if (placedAnew === "gone")
    throw new VendorError("retry", "MGE DOT lost the draft of this order right after making it.");
  return placedAnew;
}

interface Whole extends Conversation {
  /** The digest of what the draft has to hold. */
  wanted: string;
}

// Pictures need a draft to be brought to, so with pictures the draft starts empty.
async function start({ payload, settings, calls, extras, wanted }: Whole): Promise<Kept> {
  const complete = payload.files.length === 0;
  const { brand_id } = payload.order;
  const body = complete ? { ...payload.order, ...extras } : { brand_id, ...extras, line_items: [] };
  const { id } = await createDraft(body, { settings, asking: calls });
  if (id === undefined) {
    // Without its number the draft cannot be used and costs nothing; once more, in case it was a slip.
    if (calls.notes["draftWithoutNumber"] === true)
      refuse("MGE DOT made a draft of this order twice without telling its number. Ask MGE, then try again.");
    await calls.remember({ draftWithoutNumber: true });
    throw new VendorError("retry", "MGE DOT made a draft of this order without telling its number.");
  }
  const filled = complete ? wanted : undefined;
  await calls.remember({
    draftId: id,
    resend: payload.resend,
    filled: filled ?? null,
    readyUntil: null,
    submitTried: false,
    draftWithoutNumber: false,
  });
  return { draftId: id, filled, readyUntil: undefined, submitTried: false };
}

/** Fills, validates and submits one draft. "gone" only when MGE has no such draft and it was never submitted. */
async function finish(kept: Kept, whole: Whole): Promise<Receipt | "gone"> {
  const { payload, settings, calls, wanted } = whole;
  const { draftId } = kept;
  let readyUntil = kept.readyUntil;
  if (kept.filled !== wanted) {
    if ((await fill(draftId, whole)) === "gone") return lost(kept);
    await calls.remember({ filled: wanted, readyUntil: null });
    readyUntil = undefined;
  }
  if (!isReady(readyUntil, calls.now)) {
    const validated = await validateDraft(draftId, { settings, asking: calls });
    if (validated === "gone") return lost(kept);
    if ("refused" in validated) return orderBehind(kept, { ...whole, refused: validated.refused });
    readyUntil = validated.readyUntil;
  }
  // Before the submit leaves: a draft that may have been submitted is never replaced by another one.
  await calls.remember({ readyUntil: readyUntil ?? null, submitTried: true, resend: payload.resend });
  const placed = await submitDraft({ id: draftId, key: whole.key }, { settings, calls });
  if (!("refused" in placed)) return placed;
  return orderBehind({ ...kept, submitTried: true }, { ...whole, refused: placed.refused });
}

function lost(kept: Kept): "gone" {
  if (kept.submitTried) throw vanished(kept.draftId);
  return "gone";
}

/** A draft that may have been submitted and is no longer there: only a person can say what became of it. */
function vanished(draftId: string): VendorError {
  return new VendorError("unsure", vanishedSentence(draftId));
}

/** What the merchant reads then. */
export function vanishedSentence(draftId: string): string {
  return `MGE DOT no longer has draft ${draftId}, which may have become an order. Look in your MGE account whether the order is there, then say so here.`;
}

// MGE's refusal may mean that an earlier submit went through after all; the draft says, not the words.
async function orderBehind(kept: Kept, more: Whole & Refused): Promise<Receipt> {
  const { settings, calls, refused } = more;
  if (kept.submitTried) {
    const draft = await readOneDraft(kept.draftId, { settings, asking: calls });
    if (draft === "gone") throw vanished(kept.draftId);
    if (draft.state === "submitted") return receiptOf(draft);
    if (refused.status === 409)
      throw new VendorError(
        "unsure",
        "MGE DOT did not give a clear answer, so it may or may not have the order.",
      );
  }
  throw new VendorError("rejected", refusalSentence(refused), { status: refused.status });
}

/** The receipt of a submitted draft; MGE may not have told the number of the order. */
export function receiptOf({
  id,
  orderNumber,
}: {
  id: string | undefined;
  orderNumber: string | undefined;
}): Receipt {
  if (orderNumber !== undefined) return { number: orderNumber };
  return {
    remark: `MGE DOT has this order (draft ${id ?? "unknown"}), but did not tell its number. Look it up in your MGE account and enter it here.`,
  };
}

// A minute less than MGE says, for the way there and for clocks that differ.
function isReady(readyUntil: string | undefined, now: Date): boolean {
  return readyUntil !== undefined && Date.parse(readyUntil) - now.getTime() > 60_000;
}

async function fill(
  draftId: string,
  { payload, settings, calls, extras }: Whole,
): Promise<undefined | "gone"> {
  const asking = calls;
  const tokens = new Map<number, string>();
  for (const file of payload.files) {
    // By draft, line and picture: a token is good in its own draft only.
    const note = `asset ${draftId} ${file.line} ${await digest(file.artworkId ?? file.url ?? "")}`;
    const known = calls.notes[note];
    if (typeof known === "string") {
      tokens.set(file.line, known);
      continue;
    }
    const added = await addAsset({ id: draftId, file: await pictureFor(file, calls) }, { settings, asking });
    if (added === "gone") return "gone";
    await calls.remember({ [note]: added.token });
    tokens.set(file.line, added.token);
  }
  const line_items = payload.order.line_items.map((item, line) => {
    const token = tokens.get(line);
    return token === undefined ? item : { ...item, asset_token: token };
  });
  return changeDraft(
    { id: draftId, body: { ...payload.order, line_items, ...extras } },
    { settings, asking },
  );
}

// The file's name is ours: the shopper's own may hold a name or a place.
async function pictureFor(
  { url, artworkId, how, line }: FileToBring,
  calls: Calls,
): Promise<ArtworkFile | { url: string }> {
  if (how === "from-url" && url !== undefined) return { url };
  const { contentType, bytes } =
    artworkId !== undefined ? await calls.artwork(artworkId) : await bringPhoto(url ?? "", calls);
  const ending = contentType.replace("image/", "").replace("jpeg", "jpg");
  return { filename: `line-${line + 1}.${ending}`, contentType, bytes };
}

async function digest(content: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(content));
  return [...new Uint8Array(bytes).subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// One draft per order: made, filled, validated, submitted. Its number is in the notes before it can be submitted,
// and a draft that may have been submitted is never replaced by another, so a second order cannot come to be.
import { VendorError, refuse, type ArtworkFile, type Calls, type Notes, type Receipt } from "../vendor.ts";
import { addAsset, changeDraft, createDraft, readOneDraft, submitDraft, validateDraft } from "./client.ts";
import type { FileToBring, Payload } from "./payload.ts";
import { bringPhoto, lookAtPhotos } from "./photo.ts";
import type { Settings } from "./settings.ts";

/** What placing an order by draft needs; `extras` is what only drafts take. */
export interface Conversation {
  payload: Payload;
  settings: Settings;
  calls: Calls;
  extras: NonNullable<Payload["draft"]>;
}

/** What the notes say of the draft of this order. */
interface Kept {
  draftId: string;
  /** Which content the draft was filled with, as a digest. */
  filled: string | undefined;
  readyUntil: string | undefined;
  /** Set, durably, before a submit of this draft leaves; taken back only when MGE clearly refused the first one. */
  submitTried: boolean;
}

/** The draft of this order in the notes, if there is one. */
export function keptIn(notes: Readonly<Notes>): Kept | undefined {
  if (typeof notes["draftId"] !== "string") return undefined;
  return {
    draftId: notes["draftId"],
    filled: typeof notes["filled"] === "string" ? notes["filled"] : undefined,
    readyUntil: typeof notes["readyUntil"] === "string" ? notes["readyUntil"] : undefined,
    submitTried: notes["submitTried"] === true,
  };
}

/** Places the order by its draft, going on from wherever an earlier try came to. */
export async function byDraft(conversation: Conversation): Promise<Receipt> {
  const { payload, calls, extras } = conversation;
  const kept = keptIn(calls.notes);
  const before = kept?.submitTried ? await orderFromBefore(kept.draftId, conversation) : undefined;
  if (before) return before;
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

// An earlier submit may have landed since it was asked about: nothing else is done before this look.
async function orderFromBefore(
  draftId: string,
  { settings, calls }: Conversation,
): Promise<Receipt | undefined> {
  const draft = await readOneDraft(draftId, { settings, asking: calls });
  if (draft === "gone") askPerson(vanished(draftId));
  if (draft.state === "unknown") askPerson(unknownState(draftId, draft.status));
  // Submitted, but the number not told: submitting the draft once more brings the order that exists.
  return draft.orderNumber === undefined ? undefined : receiptOf(draft);
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
    filled: filled ?? null,
    readyUntil: null,
    submitTried: false,
    draftWithoutNumber: false,
  });
  return { draftId: id, filled, readyUntil: undefined, submitTried: false };
}

/** Fills, validates and submits one draft. "gone" only when MGE has no such draft and it was never submitted. */
async function finish(kept: Kept, whole: Whole): Promise<Receipt | "gone"> {
  const { calls, wanted } = whole;
  const { draftId } = kept;
  let readyUntil = kept.readyUntil;
  if (kept.filled !== wanted) {
    if ((await fill(draftId, whole)) === "gone") return lost(kept);
    await calls.remember({ filled: wanted, readyUntil: null });
    readyUntil = undefined;
  }
  if (!isReady(readyUntil, calls.now)) {
    const validated = await validate(kept, whole);
    if (validated === "gone") return lost(kept);
    if ("order" in validated) return validated.order;
    readyUntil = validated.readyUntil;
  }
  // Before the submit leaves: a draft that may have been submitted is never replaced by another one.
  await calls.remember({ readyUntil: readyUntil ?? null, submitTried: true });
  return commit(kept, whole);
}

async function validate(
  kept: Kept,
  { settings, calls }: Conversation,
): Promise<{ order: Receipt } | "gone" | { readyUntil: string | undefined }> {
  try {
    return await validateDraft(kept.draftId, { settings, asking: calls });
  } catch (error) {
    // A draft that was submitted after all refuses every further step.
    const refused = error instanceof VendorError && error.problem === "rejected" && kept.submitTried;
    const order = refused ? await submittedOrder(kept.draftId, { settings, calls }) : undefined;
    if (order) return { order };
    throw error;
  }
}

async function commit({ draftId, submitTried }: Kept, { settings, calls }: Conversation): Promise<Receipt> {
  try {
    return await submitDraft(draftId, { settings, calls });
  } catch (error) {
    if (!(error instanceof VendorError) || error.problem === "unsure") throw error;
    // A clear no: this submit had no effect. An earlier one may have had, and the draft says so, not the words.
    const isRefused = error.problem === "rejected";
    const order = isRefused ? await submittedOrder(draftId, { settings, calls }) : undefined;
    if (order) return order;
    await calls.remember({ submitTried, ...(isRefused && { readyUntil: null }) });
    throw error;
  }
}

async function submittedOrder(
  draftId: string,
  { settings, calls }: Pick<Conversation, "settings" | "calls">,
): Promise<Receipt | undefined> {
  const draft = await readOneDraft(draftId, { settings, asking: calls });
  return draft !== "gone" && draft.state === "submitted" ? receiptOf(draft) : undefined;
}

// An order may exist: only a person can say, and until then nobody may call it not ordered or try it again.
function askPerson(sentence: string): never {
  throw new VendorError("unsure", sentence);
}

function lost(kept: Kept): "gone" {
  return kept.submitTried ? askPerson(vanished(kept.draftId)) : "gone";
}

/**
 * Empties a draft whose submit may still be on its way, because the order will be another one or none: should
 * the submit land now, there is nothing in the draft to make. A draft that was never submitted may stay.
 */
export async function withdraw(payload: Payload, settings: Settings, calls: Calls): Promise<void> {
  const kept = keptIn(calls.notes);
  if (!kept?.submitTried) return;
  const asking = calls;
  const draft = await readOneDraft(kept.draftId, { settings, asking });
  if (draft === "gone") return;
  if (draft.state === "submitted")
    askPerson(
      `MGE DOT already made an order of this${draft.orderNumber ? `: ${draft.orderNumber}` : ""}. Ask MGE whether it can still be changed or cancelled, then say here whether the order exists.`,
    );
  const body = { brand_id: payload.order.brand_id, line_items: [] };
  await changeDraft({ id: kept.draftId, body }, { settings, asking });
  await calls.remember({ filled: null, readyUntil: null });
}

/** The sentence for a draft that may have been submitted and is no longer there: only a person can say more. */
export function vanished(draftId: string): string {
  return `MGE DOT no longer has draft ${draftId}, which may have become an order. Look in your MGE account whether the order is there, then say so here.`;
}

/** The sentence for a draft in a state that MGE never told of. */
export function unknownState(draftId: string, status: string): string {
  return `MGE DOT says that draft ${draftId} is “${status || "without a state"}”, which this app does not know. Look in your MGE account whether the order is there, then say so here.`;
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

// The conversation: export, compare, quote, confirm. The ConfirmationID is in the notes before it can be confirmed, and an
// id that may have been confirmed is never replaced by another, so a second order cannot come to be.
import {
  VendorError,
  refuse,
  type Asking,
  type Calls,
  type Notes,
  type Probe,
  type ProbeCalls,
  type Receipt,
} from "../vendor.ts";
import { editorApi, submitApi, type Api } from "./client.ts";
import { checkExport, exportEditors, type Checked } from "./design.ts";
import { confirmOrder, quoteOrder, type Quoted, type Way } from "./ordering.ts";
import type { Payload } from "./payload.ts";
import { sequenceNotes } from "./report.ts";
import type { Settings } from "./settings.ts";

interface Kept {
  confirmationId: string;
  way: Way;
  /** How many confirms of this id left without a clear no. Written before each leaves. */
  confirms: number;
}

function keptIn(notes: Readonly<Notes>): Kept | undefined {
  const { confirmationId, way, confirms } = notes;
  if (typeof confirmationId !== "string") return undefined;
  return {
    confirmationId,
    way: way === "submit" ? "submit" : "editor",
    confirms: typeof confirms === "number" ? confirms : 0,
  };
}

/** Places the order; continues from the notes of earlier tries. */
export async function submit(payload: Payload, settings: Settings, calls: Calls): Promise<Receipt> {
  const before = keptIn(calls.notes);
  const { kept, api } = before
    ? { kept: before, api: await apiFor(before.way, { payload, settings, asking: calls }) }
    : await quote(payload, settings, calls);
  await calls.remember({ confirms: kept.confirms + 1 });
  try {
    await confirmOrder({ ...api, calls }, kept.way, kept.confirmationId);
  } catch (error) {
    if (!(error instanceof VendorError) || error.problem === "unsure") throw error;
    throw await afterClearNo(error, kept, calls);
  }
  return { number: kept.confirmationId };
}

/** Export, comparison and quote: everything before the buying, and all of it harmless. */
async function quote(payload: Payload, settings: Settings, calls: Calls): Promise<{ kept: Kept; api: Api }> {
  const way = settings.placing === "submit" ? "submit" : "editor";
  const { checked, answer, api } = await prepare(payload, settings, calls);
  if ("submittedBefore" in answer)
    throw new VendorError(
      "unsure",
      `WHCC says that it has an order with the entry ID ${payload.export.entryId} already: ${answer.submittedBefore}. Look for it at WHCC, then say here whether it exists.`,
    );
  if ("pictures" in answer) {
    if (calls.notes["picturesAgain"] === true)
      refuse(
        `WHCC cannot read the pictures of this order: ${answer.pictures}. Ask the shopper to open the design again.`,
      );
    await calls.remember({ picturesAgain: true });
    throw new VendorError("retry", `WHCC could not read the pictures of this order: ${answer.pictures}.`);
  }
  const problem = problemOfQuote(answer, { checked, settings });
  if (problem !== undefined) refuse(problem);
  const { confirmationId, totalCents } = answer.quote;
  const kept: Kept = { confirmationId, way, confirms: 0 };
  await calls.remember({ ...kept, totalCents: totalCents ?? null, ...sequenceNotes(checked.sequences) });
  return { kept, api };
}

async function prepare(
  payload: Payload,
  settings: Settings,
  asking: Asking,
): Promise<{ checked: Checked; answer: Quoted; api: Api }> {
  const editors = await editorApi(payload.accountId, settings, asking);
  const checked = checkExport(await exportEditors(editors, payload.export), payload);
  const isEditor = settings.placing !== "submit";
  const api = isEditor ? editors : await submitApi(settings, asking);
  const answer = await quoteOrder(api, isEditor ? "editor" : "submit", checked.order);
  return { checked, answer, api };
}

// A quote that is refused here is forgotten, not kept: the next try asks for a new one, of the design as it is then.
function problemOfQuote(
  { quote: { totalCents, numberOfOrders } }: Extract<Quoted, { quote: unknown }>,
  { checked, settings }: { checked: Checked; settings: Settings },
): string | undefined {
  const orders = checked.sequences.size;
  if (numberOfOrders !== undefined && numberOfOrders !== orders)
    return `WHCC made ${numberOfOrders} orders out of ${orders}. Nothing was confirmed. Ask WHCC, then try again.`;
  if (settings.maxOrderUsd === undefined) return undefined;
  const limit = `USD ${settings.maxOrderUsd.toFixed(2)}`;
  if (totalCents === undefined)
    return `WHCC did not say what this order costs, and orders above ${limit} are to be held. Remove the highest cost in the WHCC settings to send it all the same.`;
  return totalCents > Math.round(settings.maxOrderUsd * 100)
    ? `WHCC asks USD ${(totalCents / 100).toFixed(2)} for this order, which is more than ${limit}. Raise the highest cost in the WHCC settings if it is right, then try again.`
    : undefined;
}

function apiFor(
  way: Way,
  { payload, settings, asking }: { payload: Payload; settings: Settings; asking: Asking },
): Promise<Api> {
  return way === "submit" ? submitApi(settings, asking) : editorApi(payload.accountId, settings, asking);
}

/** This confirm surely bought nothing. What an earlier one of the same id did is another question. */
async function afterClearNo(error: VendorError, kept: Kept, calls: Calls): Promise<VendorError> {
  if (error.problem !== "rejected") {
    await calls.remember({ confirms: kept.confirms });
    return error;
  }
  if (kept.confirms > 0)
    return new VendorError(
      "unsure",
      `An earlier confirmation of ${kept.confirmationId} got no answer, and now WHCC refuses it (${error.message}). Look for ${kept.confirmationId} at WHCC, then say here whether the order exists.`,
      { status: error.status },
    );
  // Never confirmed, so it may be replaced: an id that waited too long is unknown to WHCC (412.03). Once, not for ever.
  const isSecond = calls.notes["quotedAgain"] === true;
  await calls.remember({ confirmationId: null, confirms: 0, quotedAgain: !isSecond });
  return isSecond ? error : new VendorError("retry", error.message, { status: error.status, cause: error });
}

// Seconds to wait before the same confirm is repeated once more; after the last one, that long each time.
const waits = [0, 0, 60, 300, 900, 3600];

/**
 * What became of a confirm whose answer was lost. WHCC has no call that shows an order, but confirming the same id again
 * is harmless and tells: it is bought now, or it was bought then. A look that comes too early is put off.
 */
export async function probe(payload: Payload, _settings: Settings, calls: ProbeCalls): Promise<Probe> {
  const kept = keptIn(calls.notes);
  if (!kept)
    return {
      cannotTell: `WHCC may have this order: the number of its confirmation was lost. Look for the entry ID ${payload.export.entryId} at WHCC, then say here whether it exists.`,
    };
  const wait = waits[Math.min(kept.confirms, waits.length) - 1] ?? 0;
  if (calls.secondsSinceCommit < wait)
    throw new VendorError(
      "retry",
      `WHCC does not say whether it has order ${kept.confirmationId}. The same order is confirmed again later; that cannot make a second one.`,
      { retryAfterSeconds: wait - calls.secondsSinceCommit },
    );
  return { sendAgain: true };
}

/** A quote that nobody confirms costs nothing. One that may have been confirmed cannot be taken back from here. */
export async function withdraw(_payload: Payload, _settings: Settings, calls: Calls): Promise<void> {
  const kept = keptIn(calls.notes);
  // Only a person can say, and until then nobody may call it not ordered or try it again.
  if (kept && kept.confirms > 0)
    throw new VendorError(
      "unsure",
      `WHCC may have made an order of this: its confirmation ${kept.confirmationId} was sent and the answer was lost. Ask WHCC to cancel ${kept.confirmationId} if it exists, then say here whether it does.`,
    );
}

/** Whether WHCC would take this order today: an export and a quote, and no confirmation. */
export async function check(payload: Payload, settings: Settings, asking: Asking): Promise<string[]> {
  try {
    const { checked, answer } = await prepare(payload, settings, asking);
    if ("pictures" in answer) return [`WHCC cannot read the pictures of this order: ${answer.pictures}`];
    if ("submittedBefore" in answer)
      return [
        `WHCC has an order with the entry ID ${payload.export.entryId} already: ${answer.submittedBefore}`,
      ];
    return [problemOfQuote(answer, { checked, settings })].filter((each) => each !== undefined);
  } catch (error) {
    if (error instanceof VendorError && error.problem === "rejected") return [error.message];
    throw error;
  }
}

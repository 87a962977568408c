// How an order is placed at MGE without ever placing it twice: by a draft that may be submitted again, or by one
// direct call whose lost answer only a person can clear up.
import { refuse, type Calls, type Probe, type ProbeCalls, type Receipt } from "../vendor.ts";
import { staleLines } from "./check.ts";
import { orderDirectly, readOneDraft } from "./client.ts";
import { byDraft, keptIn, receiptOf, unknownState, vanished } from "./draft.ts";
import type { Payload } from "./payload.ts";
import { lookAtPhotos } from "./photo.ts";
import type { Settings } from "./settings.ts";

/** Places the order; continues from the notes of earlier tries. */
export async function submit(payload: Payload, settings: Settings, calls: Calls): Promise<Receipt> {
  const { draft: extras } = payload;
  if (extras) return byDraft({ payload, settings, calls, extras });
  await lookAtPhotos(payload, calls);
  await lookAtPreviews(payload, settings, calls);
  return orderDirectly(payload.order, { settings, calls });
}

// A draft is validated by MGE; a direct order has only this look at whether the option can still be bought.
async function lookAtPreviews(payload: Payload, settings: Settings, calls: Calls): Promise<void> {
  const [stale] = await staleLines(payload, { settings, asking: calls });
  if (stale) refuse(stale);
}

/** What became of a submit or a direct order whose answer was lost. */
export async function probe(payload: Payload, settings: Settings, calls: ProbeCalls): Promise<Probe> {
  if (!payload.draft)
    return {
      cannotTell:
        "It may exist at MGE DOT: the answer to this order was lost, and MGE offers no way to ask. Look in your MGE account whether the order is there, then say so here.",
    };
  const kept = keptIn(calls.notes);
  if (!kept)
    return {
      cannotTell:
        "It may exist at MGE DOT: the number of its draft was lost. Look in your MGE account whether the order is there, then say so here.",
    };
  const draft = await readOneDraft(kept.draftId, { settings, asking: calls });
  if (draft === "gone") return { cannotTell: vanished(kept.draftId) };
  switch (draft.state) {
    case "submitted":
      return { found: receiptOf(draft) };
    case "open":
      // Submitting the same draft again cannot make a second order, even if the first submit is still on its way.
      return { sendAgain: true };
    case "unknown":
      return { cannotTell: unknownState(kept.draftId, draft.status) };
  }
}

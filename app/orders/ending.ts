// How a try ends: from what the vendor said to what the row will say. Pure, so that the whole table can be tested.
import type { HoldCode } from "./order.ts";
import { giveUpAfterSeconds, retryAt } from "./retry.ts";
import type { Notes, Probe, Receipt, VendorError } from "../vendors/vendor.ts";

/** How a try ended, as the row will say it. */
export interface Ending {
  /** On the Attempt. */
  outcome: string;
  status: "waiting" | "held" | "sent" | "cancelled";
  code?: HoldCode;
  sentence?: string;
  /** Seconds until the next try, while waiting. */
  waitSeconds?: number;
  /** Whether this counts as a try, for the back-off. */
  counts?: boolean;
  /** True when the outcome of the buying request is known now; else the row goes on saying `committingAt`. */
  settled: boolean;
  number?: string | undefined;
  notes?: Notes;
  /** Seconds until the first look at how far it is; absent when the vendor reports nothing. */
  trackAfterSeconds?: number;
  /** For the story of the order; absent for what would only repeat. */
  story?: string;
  quarantine?: string;
  /** Whether an account with one basket is kept for this order, because the basket may hold our things. */
  keepsAccount: boolean;
}

/** What an ending depends on. */
export interface Tried {
  tries: number;
  firstTryAgeSeconds: number | null;
  connectionLabel: string;
  notes: Readonly<Notes>;
}

/** The vendor has it. */
export function afterReceipt({
  claim,
  receipt,
  tracks,
}: {
  claim: Tried;
  receipt: Receipt;
  tracks: boolean;
}): Ending {
  const number = receipt.number === undefined ? "" : ` as ${receipt.number}`;
  return {
    outcome: "accepted",
    status: "sent",
    settled: true,
    keepsAccount: false,
    number: receipt.number,
    notes: receipt.notes ?? {},
    ...(receipt.remark !== undefined && { sentence: receipt.remark }),
    ...(tracks && { trackAfterSeconds: 30 }),
    story: `${claim.connectionLabel} has the order${number}.${receipt.remark ? ` ${receipt.remark}` : ""}`,
  };
}

/** What a probe found. `known` is false until the lost request can no longer take effect: then only "found" counts. */
export function afterProbe({
  claim,
  found,
  known,
  remainingSeconds,
  tracks,
}: {
  claim: Tried;
  found: Probe;
  known: boolean;
  remainingSeconds: number;
  tracks: boolean;
}): Ending | "go on" {
  if ("found" in found) return afterReceipt({ claim, receipt: found.found, tracks });
  if (!known) {
    return {
      outcome: "unsure",
      status: "waiting",
      sentence: `${claim.connectionLabel} did not answer clearly. Makerlane looks again before it does anything.`,
      // Looked at early for good news only; nothing is concluded before the time is over.
      waitSeconds: Math.max(1, Math.min(60, Math.ceil(remainingSeconds))),
      settled: false,
      keepsAccount: true,
    };
  }
  if ("sendAgain" in found) return "go on";
  return {
    outcome: "cannot tell",
    status: "held",
    code: found.code ?? "unsure",
    sentence: found.cannotTell,
    settled: false,
    keepsAccount: found.quarantine !== undefined,
    story: found.cannotTell,
    ...(found.quarantine !== undefined && { quarantine: found.quarantine }),
  };
}

/** Our own check refused it, or a picture of it is not ready yet; the vendor never heard of it. */
export function beforeSending(error: VendorError, tries = 0): Ending {
  const sentence = error.message;
  if (error.problem === "retry")
    return {
      outcome: "retry",
      status: "waiting",
      sentence,
      waitSeconds: error.retryAfterSeconds ?? retryAt(tries),
      counts: true,
      settled: true,
      keepsAccount: false,
      ...(tries === 0 && { story: sentence }),
    };
  return {
    outcome: "rejected",
    status: "held",
    code: codeFor(error),
    sentence,
    settled: true,
    keepsAccount: false,
    story: sentence,
  };
}

function codeFor({ needs }: VendorError): HoldCode {
  switch (needs) {
    case "photo":
      return "needs photo";
    case "approval":
      return "approval";
    case undefined:
      return "payload";
  }
}

/** A try that went wrong, by its problem. `open`: a buying request left and got no clear answer. */
export function afterError({
  claim,
  error,
  open,
  quietSeconds = 0,
}: {
  claim: Tried;
  error: VendorError;
  open: boolean;
  quietSeconds?: number;
}): Ending {
  const begun = Object.keys(claim.notes).length > 0;
  const sentence = error.message;
  const common = {
    sentence,
    settled: !open,
    ...(error.quarantine !== undefined && { quarantine: error.quarantine }),
  };
  if (open) {
    const story = `${sentence} Makerlane looks before it does anything.`;
    return {
      ...common,
      outcome: "unsure",
      status: "waiting",
      waitSeconds: 5,
      counts: true,
      keepsAccount: true,
      story,
    };
  }
  switch (error.problem) {
    case "rejected":
      return {
        ...common,
        outcome: "rejected",
        status: "held",
        code: "rejected",
        keepsAccount: false,
        story: sentence,
      };
    case "connection":
      return { ...common, outcome: "connection", status: "waiting", waitSeconds: 0, keepsAccount: begun };
    case "unsure": // seen by the vendor's own reading before anything was bought, e.g. a basket that somebody emptied
      return {
        ...common,
        outcome: "unsure",
        status: "held",
        code: "unsure",
        keepsAccount: error.quarantine !== undefined,
        story: sentence,
      };
    case "retry": {
      if (isOverdue(claim)) return { ...common, ...overdue(claim, sentence), settled: true };
      // A lost answer to a harmless request still means that the request may land late: with one basket for all,
      // nobody touches it before that time is over.
      const quiet = error.lost && begun ? quietSeconds : 0;
      const waitSeconds = Math.max(quiet, error.retryAfterSeconds ?? retryAt(claim.tries));
      const story = claim.tries === 0 ? { story: `${sentence} It is tried again.` } : {};
      return {
        ...common,
        outcome: "retry",
        status: "waiting",
        waitSeconds,
        counts: true,
        keepsAccount: begun,
        ...story,
      };
    }
  }
}

/** A look at what became of a buying request went wrong: its outcome is as open as before. */
export function afterProbeError({ claim, error }: { claim: Tried; error: VendorError }): Ending {
  const common = {
    outcome: error.problem,
    settled: false,
    keepsAccount: true,
    ...(error.quarantine !== undefined && { quarantine: error.quarantine }),
  };
  switch (error.problem) {
    case "rejected": {
      const sentence = `${claim.connectionLabel} may or may not have this order, and asking did not help (${error.message}). Look there for its reference, then say here what you found.`;
      return { ...common, status: "held", code: "unsure", sentence, story: sentence };
    }
    case "connection":
      return { ...common, status: "waiting", sentence: error.message, waitSeconds: 0 };
    case "unsure":
    case "retry": {
      if (isOverdue(claim)) {
        const sentence = `${claim.connectionLabel} may or may not have this order and could not be asked for a day. Look there for its reference, then say here what you found.`;
        return { ...common, status: "held", code: "unsure", sentence, story: sentence };
      }
      return {
        ...common,
        status: "waiting",
        sentence: error.message,
        waitSeconds: error.retryAfterSeconds ?? retryAt(claim.tries),
        counts: true,
      };
    }
  }
}

function isOverdue({ firstTryAgeSeconds }: Tried): boolean {
  return firstTryAgeSeconds !== null && firstTryAgeSeconds > giveUpAfterSeconds;
}

function overdue(
  claim: Tried,
  sentence: string,
): Pick<Ending, "outcome" | "status" | "code" | "sentence" | "story" | "keepsAccount" | "quarantine"> {
  const begun = Object.keys(claim.notes).length > 0;
  const words = `Tried for a day without success. ${sentence} Press Try again when it works.`;
  return {
    outcome: "retry",
    status: "held",
    code: "tries",
    sentence: words,
    story: words,
    keepsAccount: begun,
    ...(begun && { quarantine: leftBehind(claim) }),
  };
}

// Takes effect only at an account with one basket, where what one order left behind would be bought by the next.
function leftBehind(claim: Tried): string {
  return `An order that stopped half way may have left things in the basket at ${claim.connectionLabel}. Empty it there, then release the account.`;
}

/** A fault of ours: tried again for a while, then a person is asked. What may be at the vendor stays said. */
export function bug(claim: Tried & { commitAgeSeconds: number | null }): Ending {
  const settled = claim.commitAgeSeconds === null;
  const begun = Object.keys(claim.notes).length > 0;
  const common = { outcome: "our fault", settled, keepsAccount: true };
  if (claim.tries < 5) {
    const sentence =
      "Makerlane made a mistake with this order. Nothing is lost; it is tried again by itself.";
    return { ...common, status: "waiting", sentence, waitSeconds: retryAt(claim.tries), counts: true };
  }
  const sentence = settled
    ? "Makerlane could not handle this order. Press Try again; if it stays, contact support."
    : `${claim.connectionLabel} may or may not have this order. Look there for its reference, then say here what you found.`;
  return {
    ...common,
    status: "held",
    code: settled ? "our fault" : "unsure",
    sentence,
    story: sentence,
    ...(begun && { quarantine: leftBehind(claim) }),
  };
}

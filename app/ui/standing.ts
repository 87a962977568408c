// From what a row says to what a merchant reads: a badge, and a sentence with the next step. Pure, so that every
// page says the same of the same state. A status this version does not know is shown as it is, never hidden.

/** A Polaris badge: words first, colour second, so that nothing is said by colour alone. */
export interface BadgeLook {
  label: string;
  tone?: "info" | "success" | "warning" | "critical" | "attention" | undefined;
  progress?: "incomplete" | "partiallyComplete" | "complete" | undefined;
}

/** A sentence with at most one moment in it; the page shows the moment in the reader's own time. */
export interface Saying {
  text: string;
  /** ISO 8601; stands between `text` and `after`. */
  at?: string | undefined;
  after?: string | undefined;
}

/** What the pages know of a VendorOrder when they say how it stands. Times are ISO 8601. */
export interface PartStanding {
  status: string;
  code: string | null;
  sentence: string | null;
  /** The buying request left, or may have left, and its outcome is not known. */
  committing: boolean;
  tries: number;
  nextRunAt: string;
  vendorNumber: string | null;
  vendorState: string | null;
  /** How news of this part comes: the vendor is asked, tells by itself, has none to give, or is not heard any more. */
  news: "asked" | "told" | "none" | "over";
  vendorLabel: string;
  connection: { label: string; status: string; sentence: string | null };
  /** What keeps a part that is due: another order's basket, a stopped account, or a change that is not read yet. */
  keptBy?: { what: "basket" | "account" | "change"; sentence?: string | undefined } | undefined;
}

/** The badge of one vendor's part. */
export function partBadge(part: Pick<PartStanding, "status" | "code" | "committing" | "tries">): BadgeLook {
  switch (part.status) {
    case "waiting":
      if (part.committing) return { label: "Being sent", tone: "info", progress: "partiallyComplete" };
      if (part.tries > 0) return { label: "Trying again", tone: "attention", progress: "incomplete" };
      return { label: "Waiting", progress: "incomplete" };
    case "held":
      if (part.code === "needs photo")
        return { label: "Needs a photo", tone: "attention", progress: "incomplete" };
      return part.code === "approval"
        ? { label: "Needs your approval", tone: "attention", progress: "incomplete" }
        : { label: "Needs you", tone: "critical", progress: "incomplete" };
    case "sent":
      return { label: "Sent", tone: "info", progress: "partiallyComplete" };
    case "shipped":
      return { label: "Shipped", tone: "success", progress: "complete" };
    case "cancelled":
      return { label: part.code === "taken back" ? "Taken back" : "Not sent" };
    default:
      return { label: part.status };
  }
}

/** How one vendor's part stands and what happens next. `now` is the time of the page. */
export function partSaying(part: PartStanding, now: string): Saying {
  switch (part.status) {
    case "waiting":
      return waitingSaying(part, now);
    case "held":
      return { text: part.sentence ?? "A person must look at this part before anything is sent." };
    case "sent":
      return { text: sentSentence(part) };
    case "shipped":
      return { text: part.sentence ?? `Everything in this part has left ${part.vendorLabel}.` };
    case "cancelled":
      return { text: part.sentence ?? `${part.vendorLabel} was never sent this part.` };
    default:
      return { text: part.sentence ?? "" };
  }
}

function waitingSaying(part: PartStanding, now: string): Saying {
  const { connection } = part;
  if (part.committing)
    return {
      text: `It is being sent to ${part.vendorLabel}. If the answer is lost, we look for the order there before anything is sent again.`,
    };
  if (connection.status === "paused")
    return {
      text: `${connection.label} is paused, so this part waits. Resume the connection under Vendors and it goes out.`,
    };
  if (connection.status === "failing")
    return {
      text: `${connection.sentence ?? `${connection.label} does not work at the moment.`} This part goes out by itself once the connection works again.`,
    };
  const due = part.nextRunAt <= now;
  if (due && part.keptBy) return { text: keptSentence(part, part.keptBy) };
  if (part.tries > 0) {
    const why = part.sentence ?? `The last try at ${part.vendorLabel} did not go through.`;
    return due
      ? { text: `${why} It is tried again in the next moments.` }
      : { text: `${why} It is tried again at`, at: part.nextRunAt };
  }
  if (due) return { text: part.sentence ?? `It goes to ${part.vendorLabel} in the next moments.` };
  return {
    text: "It will be sent at",
    at: part.nextRunAt,
    after: "Until then, a cancellation, refund or edit in Shopify changes what is sent.",
  };
}

function keptSentence({ vendorLabel }: PartStanding, by: NonNullable<PartStanding["keptBy"]>): string {
  switch (by.what) {
    case "basket":
      return `The basket at ${vendorLabel} is kept for another order. This part goes when that one is sent, or is given up and the account released.`;
    case "account":
      return `The account at ${vendorLabel} is stopped, so this part waits. Release it under Vendors, where its reason stands.`;
    case "change":
      return by.sentence ?? "It was changed in Shopify. This part goes as soon as the change is read.";
  }
}

function sentSentence(part: PartStanding): string {
  // Where the number was lost with the answer, the stored sentence says where to look for it.
  const has = part.vendorNumber
    ? `${part.vendorLabel} has it as ${part.vendorNumber}.`
    : (part.sentence ?? `${part.vendorLabel} has it; its order number there is not known.`);
  const says = part.vendorState && ` It ${isQuiet(part) ? "last said" : "says"}: ${part.vendorState}.`;
  return `${has}${says ?? ""}${trackingSentence(part)}`;
}

// Nobody asks the vendor at the moment, so what it said may be old.
function isQuiet({ news, connection }: PartStanding): boolean {
  return news === "over" || (news === "asked" && connection.status !== "on");
}

// A merchant who is promised tracking waits for it: only what really comes by itself is promised.
function trackingSentence(part: PartStanding): string {
  const { news, connection, vendorLabel, vendorState } = part;
  if (news === "over")
    return " Nothing more is heard of it from there: if a parcel leaves, enter its tracking number here.";
  if (isQuiet(part))
    return connection.status === "paused"
      ? ` ${connection.label} is paused, so it is not asked for tracking: resume it under Vendors, or enter the number here.`
      : ` ${connection.label} does not work at the moment, so it is not asked for tracking: correct it under Vendors, or enter the number here.`;
  if (vendorState) return "";
  return news === "none"
    ? ` ${vendorLabel} reports no progress: enter the tracking number here when the parcel leaves.`
    : ` Tracking is passed to Shopify as soon as ${vendorLabel} reports it; enter it here if it never does.`;
}

/** The badge of a line of an order: who makes it, or why nobody does. */
export function lineBadge(line: {
  quantity: number;
  verdict: string | null;
  /** The part it is in. */
  maker?: { label: string; status: string; code: string | null } | undefined;
}): BadgeLook {
  const { quantity, verdict, maker } = line;
  if (quantity === 0) return { label: "Removed" };
  if (verdict === "held") return { label: "Needs you", tone: "critical" };
  if (verdict !== "vendor") return { label: "Not ours" };
  switch (maker?.status) {
    case undefined:
      return { label: "Goes to a vendor", tone: "info" };
    case "waiting":
    case "held":
      return { label: `Goes to ${maker?.label}`, tone: "info" };
    case "cancelled":
      return {
        label: `${maker?.code === "taken back" ? "Taken back from" : "Not sent to"} ${maker?.label}`,
      };
    default:
      return { label: `Made by ${maker?.label}`, tone: "info" };
  }
}

/** The badge of a whole Order; undefined when its parts, or that it was cancelled, say it better. */
export function orderBadge({
  status,
  isCancelled,
}: {
  status: string;
  isCancelled: boolean;
}): BadgeLook | undefined {
  switch (status) {
    case "routed":
      return undefined;
    case "routing":
      return { label: "Being read", progress: "incomplete" };
    case "waiting":
      return { label: "Waits for payment", progress: "incomplete" };
    case "held":
      return { label: "Needs you", tone: "critical", progress: "incomplete" };
    case "not ours":
      return isCancelled ? undefined : { label: "Not ours" };
    default:
      return { label: status };
  }
}

/** Why an order stands where it stands, in one sentence: what needs a person first, then the rest. */
export function orderSaying(
  order: { status: string; sentence: string | null },
  parts: readonly (PartStanding & { notice: string | null })[],
  now: string,
): Saying {
  const held = parts.find((part) => part.status === "held");
  if (held) return partSaying(held, now);
  if (order.status === "held") return { text: order.sentence ?? "A person must look at this order." };
  const noticed = parts.find((part) => part.notice);
  if (noticed?.notice) return { text: noticed.notice };
  const waiting = parts.find((part) => part.status === "waiting");
  if (waiting) return partSaying(waiting, now);
  if (order.sentence) return { text: order.sentence };
  if (order.status === "routing") return { text: "It arrived and is being looked at." };
  if (order.status === "waiting") return { text: "It goes out once Shopify says it is paid." };
  const sent = parts.find((part) => part.status === "sent") ?? parts[0];
  return sent ? partSaying(sent, now) : { text: "Nothing in it is made by one of your vendors." };
}

/** The badge of a connection; a quarantined account needs a person, whatever else is true. */
export function connectionBadge(connection: { status: string; quarantine: string | null }): BadgeLook {
  if (connection.quarantine) return { label: "Needs you", tone: "critical" };
  switch (connection.status) {
    case "on":
      return { label: "Works", tone: "success", progress: "complete" };
    case "paused":
      return { label: "Paused", tone: "attention", progress: "incomplete" };
    case "failing":
      return { label: "Does not work", tone: "critical", progress: "incomplete" };
    default:
      return { label: connection.status };
  }
}

/** The badge of a parcel, from Shopify's side: whether Shopify was told of it. */
export function shipmentBadge(status: string): BadgeLook {
  switch (status) {
    case "waiting":
      return { label: "Shopify is being told", tone: "info", progress: "partiallyComplete" };
    case "told":
      return { label: "Shopify knows", tone: "success", progress: "complete" };
    case "already":
      return { label: "Already fulfilled in Shopify", tone: "success", progress: "complete" };
    case "held":
      return { label: "Needs you", tone: "critical", progress: "incomplete" };
    default:
      return { label: status };
  }
}

const kinds: Record<string, string> = {
  submit: "Sending",
  probe: "Looking for it",
  withdraw: "Taking it back",
  cancel: "Cancelling it there",
  update: "Sending today's details",
};
const outcomes: Record<string, string> = {
  accepted: "accepted",
  retry: "did not go through, surely without effect",
  unsure: "no answer to trust",
  rejected: "refused",
  connection: "the connection did not work",
  interrupted: "was interrupted",
  "send again": "it is surely not there",
  "cannot tell": "it could not be told",
  withdrawn: "taken back",
  "our fault": "failed by a mistake of ours",
};

/** One try as a sentence: "Try 2, sending: refused. Unknown SKU KIT-9." */
export function attemptSentence(attempt: {
  number: number;
  kind: string;
  outcome: string | null;
  sentence: string | null;
}): string {
  const what = (kinds[attempt.kind] ?? attempt.kind).toLowerCase();
  const came = attempt.outcome ? (outcomes[attempt.outcome] ?? attempt.outcome) : "still under way";
  return [`Try ${attempt.number}, ${what}: ${came}.`, attempt.sentence ?? ""].join(" ").trim();
}

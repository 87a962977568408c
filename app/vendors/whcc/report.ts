// What WHCC's callbacks mean for an order. An entry is made as one or more sequences; each is accepted or rejected and
// shipped by itself, and the notes keep which of our lines are in which. Pure.
import { z } from "zod";
import type { Notes, Parcel, Report, Sent } from "../vendor.ts";
import type { Payload } from "./payload.ts";

/** What is kept of one callback. `sequence` is WHCC's SequenceNumber as text. */
export const news = z.object({
  event: z.enum(["Processed", "Shipped"]),
  sequence: z.string(),
  status: z.string().optional(),
  orderNumber: z.string().optional(),
  errors: z.array(z.object({ code: z.string(), words: z.string(), asset: z.string() })),
  parcels: z.array(z.object({ carrier: z.string(), number: z.string(), url: z.string() })),
});
export type News = z.infer<typeof news>;

/** The notes that say which lines are in which sequence: `seq:2` → `[["14001",1]]`. */
export function sequenceNotes(sequences: ReadonlyMap<string, [string, number][]>): Notes {
  return Object.fromEntries(
    [...sequences].map(([sequence, pieces]) => [`seq:${sequence}`, JSON.stringify(pieces)]),
  );
}

const pieces = z.array(z.tuple([z.string(), z.number()]));
type State = "accepted" | "rejected" | "shipped";

/** One callback's news as a Report of the whole order, with what earlier ones left in the notes. */
export function report(data: Record<string, unknown>, sent: Sent<Payload>): Report {
  const told = news.parse(data);
  const now = stateOf(told, sent.notes[`state:${told.sequence}`]);
  const notes: Notes = {
    ...(now !== undefined && { [`state:${told.sequence}`]: now }),
    ...(now === "rejected" && { [`why:${told.sequence}`]: whyOf(told) }),
    ...(told.orderNumber !== undefined && { [`whcc:${told.sequence}`]: told.orderNumber }),
  };
  const after = { ...sent, notes: { ...sent.notes, ...notes } };
  const shipped = sequencesIn(after, "shipped");
  const all = sequencesIn(after);
  const trouble = rejections(after) ?? unknownContent(told, after);
  const parcels = told.event === "Shipped" ? parcelsOf(told, after) : [];
  return {
    state: inWords(after, all.length),
    final: knowsContent(after) && shipped.length === all.length,
    ...(trouble !== undefined && { trouble }),
    ...(parcels.length > 0 && { parcels }),
    notes,
  };
}

// Callbacks come late and out of order; what was shipped was accepted, whatever is said after it.
function stateOf(told: News, before: Notes[string] | undefined): State | undefined {
  if (told.event === "Shipped" || before === "shipped") return "shipped";
  if (told.status === "Accepted") return "accepted";
  return told.status === "Rejected" ? "rejected" : undefined;
}

function inWords(sent: Sent<Payload>, all: number): string {
  const [rejected, shipped, accepted] = (["rejected", "shipped", "accepted"] as const).map(
    (state) => sequencesIn(sent, state).length,
  );
  if (all <= 1) return rejected ? "Rejected" : shipped ? "Shipped" : accepted ? "Accepted" : "Processed";
  const left = shipped ? `${shipped} of ${all} parts shipped` : `${accepted ?? 0} of ${all} parts accepted`;
  return rejected ? `${rejected} of ${all} parts rejected, ${left}` : left;
}

function whyOf({ errors }: News): string {
  const reasons = errors
    .slice(0, 3)
    .map(({ code, words, asset }) =>
      [words || "without a reason", code && `(${code})`, asset].filter(Boolean).join(" "),
    );
  return reasons.join("; ").slice(0, 600);
}

function rejections(sent: Sent<Payload>): string | undefined {
  const rejected = sequencesIn(sent, "rejected");
  if (rejected.length === 0) return undefined;
  const why = rejected.map((sequence) => {
    const reason = sent.notes[`why:${sequence}`];
    return typeof reason === "string" && reason !== "" ? `part ${sequence}: ${reason}` : `part ${sequence}`;
  });
  return `WHCC rejected ${sent.number ?? "this order"} after taking it (${why.join("; ")}). This is not being made. Ask WHCC, or ask the shopper to open the design again and send the order anew.`;
}

// A person entered the order's number by hand: a parcel's content is known only when there is one piece.
function unknownContent(told: News, sent: Sent<Payload>): string | undefined {
  if (told.event !== "Shipped" || knowsContent(sent)) return undefined;
  const numbers = told.parcels.map(({ carrier, number }) => `${carrier} ${number}`.trim()).join(", ");
  return `WHCC shipped part ${told.sequence} of this order (${numbers || "without a tracking number"}), and what is in it is not known here. Enter the parcel by hand.`;
}

function parcelsOf(told: News, sent: Sent<Payload>): Parcel[] {
  if (!knowsContent(sent)) return [];
  const lines = linesOf(sent.notes[`seq:${told.sequence}`]);
  const parcels = told.parcels.length > 0 ? told.parcels : [{ carrier: "", number: "", url: "" }];
  return parcels.map(({ carrier, number, url }, place) => ({
    id: [sent.number ?? "", told.sequence, number || place + 1].join("/"),
    ...(carrier !== "" && { carrier }),
    ...(number !== "" && { trackingNumber: number }),
    ...(url !== "" && { trackingUrl: url }),
    // Several parcels of one sequence: nobody says what is in which, so the first holds it all.
    ...(hasMap(sent) && { lines: place === 0 ? lines : [] }),
  }));
}

function linesOf(note: Notes[string] | undefined): { lineId: string; quantity: number }[] {
  const kept = typeof note === "string" ? pieces.parse(JSON.parse(note)) : [];
  return kept.map(([lineId, quantity]) => ({ lineId, quantity }));
}

function sequencesIn({ notes }: Sent<Payload>, state?: State): string[] {
  const all = Object.keys(notes).flatMap((key) => /^(?:seq|state):(.*)$/s.exec(key)?.[1] ?? []);
  return [...new Set(all)].filter((sequence) => state === undefined || notes[`state:${sequence}`] === state);
}

const hasMap = ({ notes }: Sent<Payload>): boolean =>
  Object.keys(notes).some((key) => key.startsWith("seq:"));

function knowsContent(sent: Sent<Payload>): boolean {
  const [design, second] = sent.payload.designs;
  return (
    hasMap(sent) || (second === undefined && design?.lines.length === 1 && design.lines[0]?.quantity === 1)
  );
}

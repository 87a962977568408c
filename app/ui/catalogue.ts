// The words of the catalogue page: its views, and how a product or a run stands. Pure.
import type { BadgeLook } from "./standing.ts";

/** The views of the list, in the order of their tabs. */
export const publicationViews = [
  { id: "all", label: "All" },
  { id: "held", label: "Held" },
  { id: "waiting", label: "Waiting" },
  { id: "published", label: "Published" },
  { id: "withdrawn", label: "Not there" },
] as const;

export type PublicationView = (typeof publicationViews)[number]["id"];

/** The view named in the address; anything else is "all". */
export function readPublicationView(text: string | null): PublicationView {
  return publicationViews.find(({ id }) => id === text)?.id ?? "all";
}

/** The badge of one product at one vendor. */
export function publicationBadge(state: string): BadgeLook {
  switch (state) {
    case "waiting":
      return { label: "Waiting", tone: "info", progress: "incomplete" };
    case "published":
      return { label: "Published", tone: "success", progress: "complete" };
    case "held":
      return { label: "Held", tone: "critical", progress: "incomplete" };
    case "withdrawn":
      return { label: "Not there" };
    default:
      return { label: state };
  }
}

/** What a product's row says when nothing more is known of it. */
export function publicationSentence(state: string): string {
  switch (state) {
    case "waiting":
      return "It is sent in the next moments.";
    case "published":
      return "The vendor has it as it is in Shopify.";
    case "held":
      return "It cannot be published as it is.";
    case "withdrawn":
      return "It is not in the vendor's catalogue.";
    default:
      return "";
  }
}

/** How far a run over all products is. */
export type SyncState = "reading" | "comparing" | "publishing" | "done" | "failed";

/** How many products of a catalogue stand where. */
export interface Standing {
  waiting: number;
  published: number;
  held: number;
  withdrawn: number;
}

/** The badge of a run. */
export function syncBadge(state: SyncState): BadgeLook {
  switch (state) {
    case "reading":
    case "comparing":
    case "publishing":
      return { label: "Running", tone: "info", progress: "partiallyComplete" };
    case "done":
      return { label: "Done", tone: "success", progress: "complete" };
    case "failed":
      return { label: "Not finished", tone: "critical", progress: "incomplete" };
  }
}

/** What a run is doing right now; "" when it has ended. */
export function syncDoing({
  state,
  products,
  standing,
}: {
  state: SyncState;
  products: number;
  standing: Standing;
}): string {
  switch (state) {
    case "reading":
      return products === 0
        ? "Shopify is collecting your products. This takes a minute or two in a large shop."
        : `Your products are read from Shopify: ${products} so far.`;
    case "comparing":
      return "Your products are compared with what the vendor has.";
    case "publishing":
      return `Your products are sent: ${standing.waiting} still to go.`;
    case "done":
    case "failed":
      return "";
  }
}

/** How much of a run is done, in percent; undefined while nobody can tell how much there is. */
export function syncProgress({
  state,
  standing,
}: {
  state: SyncState;
  standing: Standing;
}): number | undefined {
  if (state !== "publishing") return undefined;
  const settled = standing.published + standing.held + standing.withdrawn;
  const all = settled + standing.waiting;
  return all === 0 ? undefined : Math.floor((settled * 100) / all);
}

/** The figures of a dry run, as the merchant reads them. */
export const countLabels = [
  ["create", "Would be created"],
  ["update", "Would be updated"],
  ["same", "Already right"],
  ["deactivate", "Would be made inactive"],
  ["hold", "Would be held"],
  ["elsewhere", "Not from this shop, left alone"],
] as const;

/** The figures of a catalogue as it stands. */
export const standingLabels = [
  ["published", "Published"],
  ["waiting", "Waiting"],
  ["held", "Held"],
  ["withdrawn", "Not there"],
] as const;

const verbs = {
  create: "Would be created",
  update: "Would be updated",
  deactivate: "Would be made inactive",
  hold: "Would be held",
} as const;

/** One difference as a row: what would happen, and to which parts of it. */
export function differenceView({
  title,
  key,
  what,
  fields,
  sentence,
}: {
  title: string;
  key: string | null;
  what: keyof typeof verbs;
  fields: { name: string; there: string; here: string }[];
  sentence: string | null;
}): { title: string; key: string; what: string; details: string } {
  const changes = fields.map(({ name, there, here }) => `${name}: ${quoted(there)} → ${quoted(here)}`);
  return { title, key: key ?? "", what: verbs[what], details: sentence ?? changes.join("; ") };
}

const quoted = (text: string): string => (text === "" ? "nothing" : `“${text}”`);

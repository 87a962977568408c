// The catalogue page of a connection: how the latest run stands, what it found, and each product with what came of it.
import { findConnection } from "../connections/row.server.ts";
import {
  publishAgain,
  readPublications,
  readSync,
  startSync,
  stopSync,
  type SyncView as Sync,
} from "../products/sync.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { world } from "../world.server.ts";
import {
  differenceView,
  publicationBadge,
  publicationSentence,
  syncBadge,
  syncDoing,
  syncProgress,
  type PublicationView,
} from "./catalogue.ts";

interface At {
  shop: string;
  connectionId: string;
}

/** Everything of the page; undefined when this shop has no such connection, or its vendor takes no catalogue. */
export async function readCataloguePage(
  asked: At & { vendorId: string; view: PublicationView; search: string; page: number; now: Date },
) {
  const { shop, connectionId, view, search } = asked;
  const here = await world();
  const vendor = vendorById(asked.vendorId);
  const connection = await findConnection(here.db, { shop, connectionId });
  if (!vendor?.catalogue || connection?.vendor !== vendor.id) return undefined;
  const at = { shop, connectionId };
  const [sync, list] = await Promise.all([
    readSync(here, at, asked.now),
    readPublications(here, { ...at, filter: view, search, page: asked.page }),
  ]);
  return {
    vendor: { id: vendor.id, label: vendor.label },
    connection: { id: connection.id, label: connection.label, status: connection.status },
    sync: sync && syncView(sync),
    view,
    search,
    total: list.total,
    page: list.page,
    pages: list.pages,
    /** How many products are held, for the tab; not known before the first run. */
    held: sync?.standing.held ?? 0,
    /** Products are on their way: the page looks again by itself. */
    isMoving: connection.status === "on" && (sync?.standing.untried ?? 0) > 0,
    rows: list.rows.map(({ productId, title, key, state, sentence, at: changedAt }) => ({
      productId,
      title: title || `Product ${productId}`,
      key: key ?? undefined,
      badge: publicationBadge(state),
      sentence: sentence ?? publicationSentence(state),
      at: changedAt.toISOString(),
    })),
  };
}

/** What the catalogue page is given. */
export type CataloguePage = NonNullable<Awaited<ReturnType<typeof readCataloguePage>>>;
/** The latest run on that page. */
export type SyncView = NonNullable<CataloguePage["sync"]>;

function syncView(sync: Sync) {
  const { state, dryRun, sentence, products, counts, standing, startedAt, finishedAt } = sync;
  return {
    isDryRun: dryRun,
    isRunning: state !== "done" && state !== "failed",
    isFailed: state === "failed",
    badge: syncBadge(state),
    doing: syncDoing({ state, products, standing }),
    progress: syncProgress({ state, standing }),
    sentence: sentence ?? undefined,
    counts,
    standing,
    differences: sync.differences.map((difference) => differenceView(difference)),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString(),
  };
}

/** Does what the page posted. */
export async function changeCatalogue({
  shop,
  connectionId,
  form,
}: At & { form: FormData }): Promise<{ done: string } | { refused: string }> {
  const here = await world();
  const at = { shop, connectionId };
  switch (form.get("intent")) {
    case "dry run":
      return said(await startSync(here, { ...at, dryRun: true }), "Comparing. Nothing is sent.");
    case "publish all":
      return said(await startSync(here, { ...at, dryRun: false }), "Publishing has begun.");
    case "stop":
      return said(await stopSync(here, at), "Stopped.");
    case "publish again": {
      const productId = String(form.get("product") ?? "");
      return said(await publishAgain(here, { ...at, productId }), "It is read and published again.");
    }
    default:
      return { refused: "The page is out of date. Load it again." };
  }
}

function said(
  answer: { done: true } | { refused: string },
  sentence: string,
): { done: string } | { refused: string } {
  return "refused" in answer ? { refused: answer.refused } : { done: sentence };
}

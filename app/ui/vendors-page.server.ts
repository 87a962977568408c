// The vendors of the app and one shop's connections to them: healthy or not, and what waits for each.
import { freeName, shownSettings } from "../connections.server.ts";
import { vendorById, vendors } from "../vendors/index.server.ts";
import { prisma, world } from "../world.server.ts";
import { readCallbacksView } from "./callbacks-page.server.ts";
import { readConnections, type ConnectionRow } from "./connections.server.ts";
import { connectionBadge } from "./standing.ts";
import { toolViews } from "./tool-page.server.ts";

/** Every vendor with this shop's connections. */
export async function readVendorsPage(shop: string) {
  const [connections, waiting] = await Promise.all([
    readConnections(shop),
    prisma.vendorOrder.groupBy({
      by: ["connectionId", "status"],
      where: { shop, status: { in: ["waiting", "held"] } },
      _count: true,
    }),
  ]);
  const count = (id: string, status: string): number =>
    waiting.find((group) => group.connectionId === id && group.status === status)?._count ?? 0;
  const view = connections.map((connection) => ({
    id: connection.id,
    vendor: connection.vendor,
    label: connection.label,
    badge: connectionBadge(connection),
    sentence: sentenceOf(connection),
    takesTestOrders: connection.takesTestOrders,
    waiting: count(connection.id, "waiting"),
    held: count(connection.id, "held"),
  }));
  return {
    vendors: vendors.map(({ id, label, summary, orders }) => ({
      id,
      label,
      summary,
      isCatalogueOnly: orders === undefined,
      connections: view.filter(({ vendor }) => vendor === id),
    })),
    // Connected with an earlier version: shown, because its orders are still there.
    unknown: view.filter(({ vendor }) => vendorById(vendor) === undefined),
  };
}

/** What the vendors page is given. */
export type VendorsPage = Awaited<ReturnType<typeof readVendorsPage>>;

function sentenceOf(connection: ConnectionRow): string {
  const { vendor, status, sentence, holdMinutes, approve, quarantine } = connection;
  const known = vendorById(vendor);
  if (known && !known.orders) return catalogueSentence(connection);
  if (quarantine) return `${quarantine} No order goes there until you have looked and released the account.`;
  if (status === "paused") return sentence ?? "Paused by you. Its orders wait.";
  if (status === "failing")
    return `${sentence ?? "The vendor does not accept the connection."} Its orders wait; correct the settings, or wait until it is tried again by itself.`;
  if (approve) return "Every order waits for your approval before it is sent.";
  return holdMinutes === 0
    ? "Orders are sent at once."
    : `Orders are sent ${inWords(holdMinutes)} after they arrive.`;
}

function catalogueSentence({ status, sentence }: ConnectionRow): string {
  if (status === "paused") return "Paused by you. Your products are not published until you resume it.";
  if (status === "failing")
    return `${sentence ?? "The vendor does not accept the connection."} Your products wait; correct the settings, or wait until it is tried again by itself.`;
  return "Your products are published there. It takes no orders.";
}

function inWords(minutes: number): string {
  if (minutes % 60 !== 0) return minutes === 1 ? "a minute" : `${minutes} minutes`;
  return minutes === 60 ? "an hour" : `${minutes / 60} hours`;
}

/** The form of one vendor: empty for a new connection, else as it is stored with secrets masked. */
export async function readVendorPage(asked: {
  shop: string;
  vendorId: string;
  connectionId: string | undefined;
}) {
  const vendor = vendorById(asked.vendorId);
  if (!vendor) return undefined;
  const { shop, connectionId } = asked;
  const here = await world();
  const shown = connectionId ? await shownSettings(here, { shop, connectionId }) : undefined;
  if (connectionId && shown?.vendor !== vendor.id) return undefined;
  return {
    vendor: {
      id: vendor.id,
      label: vendor.label,
      summary: vendor.summary,
      fields: [...vendor.settings],
      goodToKnow: [...vendor.goodToKnow],
      takesOrders: vendor.orders !== undefined,
      takesCatalogue: vendor.catalogue !== undefined,
      oneAtATime: vendor.atOnce === 1,
      tools: toolViews(vendor.id),
    },
    /** What a new connection is called unless the merchant says otherwise. */
    newLabel: await freeName(here.db, { shop, vendorLabel: vendor.label }),
    callbacks: await readCallbacksView({ shop, connectionId }),
    connection: shown && {
      id: shown.id,
      label: shown.label,
      status: shown.status,
      sentence: shown.sentence,
      quarantine: shown.quarantine,
      badge: connectionBadge(shown),
      holdMinutes: shown.holdMinutes,
      approve: shown.approve,
      takesTestOrders: shown.takesTestOrders,
      values: shown.values,
    },
  };
}

/** What the page of one vendor is given. */
export type VendorPage = NonNullable<Awaited<ReturnType<typeof readVendorPage>>>;

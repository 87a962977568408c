// What Home shows, read by shop: how far the setup is, the key figures, what needs the merchant, and what would go
// wrong with the next order.
import { vendorById } from "../vendors/index.server.ts";
import { prisma } from "../world.server.ts";
import { readConnections } from "./connections.server.ts";
import { setupSteps } from "./guide.ts";
import { needsYou } from "./order-views.ts";

// What a person can look through at once; the rest is one click away.
const shownNeeds = 10;
const dayMs = 24 * 60 * 60 * 1000;

/** Everything of Home. `now` is the time of the page. */
export async function readHomePage({ shop, now }: { shop: string; now: Date }) {
  const since = new Date(now.getTime() - dayMs);
  const [row, connections, broken, needs, figures, facts] = await Promise.all([
    prisma.shop.findUnique({
      where: { shop },
      select: { reconnect: true, guideDismissed: true },
    }),
    readConnections(shop),
    prisma.mapping.count({ where: { shop, goneAt: null, connection: { removedAt: { not: null } } } }),
    readNeeds(shop),
    readFigures({ shop, since }),
    readFacts(shop),
  ]);
  return {
    steps: setupSteps({ ...facts, connections: connections.length }),
    isGuideShown: !(row?.guideDismissed ?? false),
    reconnect: row?.reconnect ?? undefined,
    broken,
    // Only what does not work: what does needs no line here.
    troubles: connections
      .filter(({ status, quarantine }) => status !== "on" || quarantine !== null)
      .map(({ id, vendor, label, status, sentence, quarantine }) => ({
        id,
        title: `${label} does not take ${takesOrders(vendor) ? "orders" : "your products"}`,
        to: `/app/vendors/${vendor}?connection=${id}`,
        isStopped: quarantine !== null || status === "failing",
        sentence:
          quarantine ??
          sentence ??
          `${status === "paused" ? "It is paused" : "It does not work"}: ${takesOrders(vendor) ? "its orders wait" : "your products wait"}.`,
      })),
    needs,
    figures,
  };
}

// A vendor that is not known any more had orders, or nothing would wait for it.
const takesOrders = (vendor: string): boolean => {
  const known = vendorById(vendor);
  return known === undefined || known.orders !== undefined;
};

/** What Home is given. */
export type HomePage = Awaited<ReturnType<typeof readHomePage>>;

async function readNeeds(shop: string) {
  const where = { shop, ...needsYou() };
  const [count, orders] = await Promise.all([
    prisma.order.count({ where }),
    prisma.order.findMany({
      where,
      orderBy: [{ placedAt: "asc" }],
      take: shownNeeds,
      select: {
        id: true,
        name: true,
        status: true,
        sentence: true,
        placedAt: true,
        vendorOrders: {
          select: {
            id: true,
            status: true,
            sentence: true,
            notice: true,
            connection: { select: { label: true } },
            shipments: { where: { status: "held" }, select: { sentence: true } },
          },
        },
      },
    }),
  ]);
  return {
    count,
    orders: orders.map((order) => ({
      id: order.id,
      name: order.name,
      placedAt: order.placedAt.toISOString(),
      sentences: [
        ...(order.status === "held" ? [order.sentence ?? "A person must look at this order."] : []),
        ...order.vendorOrders.flatMap((part) => sentencesOf(part)),
      ],
    })),
  };
}

interface NeedyPart {
  status: string;
  sentence: string | null;
  notice: string | null;
  connection: { label: string };
  shipments: { sentence: string | null }[];
}

function sentencesOf({ status, sentence, notice, connection, shipments }: NeedyPart): string[] {
  const held = status === "held" ? [sentence ?? "A person must look at this part."] : [];
  const parcels = shipments.map((shipment) => shipment.sentence ?? "Shopify could not be told of a parcel.");
  // A vendor's own words name it already.
  return [...held, ...(notice ? [notice] : []), ...parcels].map((text) =>
    text.startsWith(connection.label) ? text : `${connection.label}: ${text}`,
  );
}

async function readFigures({ shop, since }: { shop: string; since: Date }) {
  const [waiting, oldest, sent, parcels] = await Promise.all([
    prisma.vendorOrder.count({ where: { shop, status: "waiting" } }),
    prisma.vendorOrder.findFirst({
      where: { shop, status: "waiting" },
      orderBy: { createdAt: "asc" },
      select: { createdAt: true, orderId: true },
    }),
    prisma.vendorOrder.count({ where: { shop, sentAt: { gte: since } } }),
    prisma.shipment.count({ where: { shop, createdAt: { gte: since } } }),
  ]);
  return {
    waiting,
    sent,
    parcels,
    oldest: oldest ? { at: oldest.createdAt.toISOString(), orderId: oldest.orderId } : undefined,
  };
}

async function readFacts(shop: string): Promise<{ mappings: number; routed: number; sent: number }> {
  // Whether there is one is enough; counting a large shop's rows for a tick would be waste.
  const [mapping, routed, sent] = await Promise.all([
    prisma.mapping.findFirst({ where: { shop }, select: { id: true } }),
    prisma.vendorOrder.findFirst({ where: { shop }, select: { id: true } }),
    prisma.vendorOrder.findFirst({
      where: { shop, status: { in: ["sent", "shipped"] } },
      select: { id: true },
    }),
  ]);
  return { mappings: mapping ? 1 : 0, routed: routed ? 1 : 0, sent: sent ? 1 : 0 };
}

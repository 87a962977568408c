// A shop's connections as several pages tell of them: how they stand, and how their orders are sent.
import { prisma } from "../world.server.ts";

/** The shop's connections that were not removed, oldest first. */
export async function readConnections(shop: string) {
  const rows = await prisma.connection.findMany({
    where: { shop, removedAt: null },
    orderBy: { createdAt: "asc" },
    select: {
      id: true,
      vendor: true,
      label: true,
      status: true,
      sentence: true,
      holdMinutes: true,
      approve: true,
      takesTestOrders: true,
      account: { select: { quarantine: true } },
    },
  });
  return rows.map(({ account, ...row }) => ({ ...row, quarantine: account.quarantine }));
}

/** One of them. `quarantine` says why its account is stopped. */
export type ConnectionRow = Awaited<ReturnType<typeof readConnections>>[number];

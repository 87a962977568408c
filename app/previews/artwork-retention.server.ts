// When photos go: those nobody ordered after the shop's days, ordered ones after the shop's days from the last parcel.
// Deleting itself is the sweep of personal data; here lies what decides its day, and what a killed process left.
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Sql } from "../db.server.ts";
import { incomingKey } from "./artwork.server.ts";
import { sweepLimits } from "./limits.server.ts";
import { storage } from "./storage.server.ts";
import { landing } from "./upload-body.server.ts";

// An order is over when none of its parts waits any more, or when none of it is ours. Carriers' news of the delivery
// itself are not everywhere, so the last parcel counts, and two weeks for its way. An order that waits (for its
// payment, for a Mapping, for a person) keeps its photo, whatever the days are.
const dateOrdered = `
  UPDATE "Artwork" a SET "forgetAt" = d.day
  FROM (SELECT b."artworkId", s."keepOrdered",
          max(coalesce(p."last", v."changedAt", o."updatedAt")) + (14 + s."keepOrdered") * interval '1 day' AS day
        FROM "ArtworkOrder" b JOIN "Shop" s ON s.shop = b.shop JOIN "Order" o ON o.id = b."orderId"
        LEFT JOIN "VendorOrder" v ON v."orderId" = b."orderId"
        LEFT JOIN LATERAL (SELECT max("createdAt") AS "last" FROM "Shipment" WHERE "vendorOrderId" = v.id) p ON true
        GROUP BY b."artworkId", s."keepOrdered"
        HAVING bool_and(CASE WHEN v.id IS NULL THEN o.status = 'not ours' ELSE o.status <> 'held' AND v.status IN ('shipped', 'cancelled') END)) d
  WHERE a.id = d."artworkId" AND a."forgetAt" > now() AND a."forgetAt" <> d.day`;

// A shop that shortens its days means the photos it has too.
const dateUnordered = `
  UPDATE "Artwork" a SET "forgetAt" = a."createdAt" + s."keepUnordered" * interval '1 day' FROM "Shop" s
  WHERE s.shop = a.shop AND a.browser IS NOT NULL AND a."orderId" IS NULL AND a."forgetAt" > now()
    AND a."forgetAt" > a."createdAt" + s."keepUnordered" * interval '1 day'`;

/** Gives every photo the day on which it goes, and sweeps limits, tickets and what killed uploads left. */
export async function dateArtwork(sql: Sql, now: Date = new Date()): Promise<void> {
  await sql.query(dateOrdered);
  await sql.query(dateUnordered);
  await sweepLimits(sql);
  await sweepLanding(now);
  await sweepIncoming(sql);
}

async function sweepLanding(now: Date): Promise<void> {
  for (const name of await readdir(landing).catch(() => [])) {
    const file = path.join(landing, name);
    const found = await stat(file).catch(() => undefined);
    if (found && now.getTime() - found.mtimeMs > 3_600_000) await rm(file, { force: true });
  }
}

// An upload is deleted after its picture is ready; a process killed right in between leaves it. Its row always comes
// first, so a file without a waiting row is one that nobody needs.
async function sweepIncoming(sql: Sql): Promise<void> {
  const disk = await storage();
  let page: string | undefined;
  do {
    const listed = await disk
      .listAll("incoming", { recursive: true, ...(page && { paginationToken: page }) })
      .catch((error: Error) => {
        // No folder yet: nobody has sent a photo. Anything else must be seen, or nothing is ever swept.
        if ((error.cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT") return undefined;
        throw error;
      });
    if (!listed) return;
    page = listed.paginationToken;
    const keys = [...listed.objects].flatMap((found) => (found.isFile ? [found.key] : []));
    if (keys.length === 0) continue;
    const { rows } = await sql.query<{ key: string }>(`SELECT key FROM "Artwork" WHERE state = 'new'`);
    const waiting = new Set(rows.map(({ key }) => incomingKey(key)));
    for (const key of keys) if (!waiting.has(key)) await disk.delete(key);
  } while (page);
}

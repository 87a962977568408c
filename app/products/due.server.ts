// Whether anything of the products road is due: what the sweep asks every few seconds. Small tables and partial
// indexes; where no vendor takes a catalogue they are empty.
import type { Sql } from "../db.server.ts";
import { dueCatalogue } from "./claim.server.ts";
import { catalogueVendors } from "./known.server.ts";
import { dueSync } from "./sync-rows.server.ts";

const due = `SELECT EXISTS (SELECT 1 FROM "Catalogue" g JOIN "Connection" c ON c.id = g."connectionId" WHERE ${dueCatalogue})
  OR EXISTS (SELECT 1 FROM "CatalogueSync" s JOIN "Connection" c ON c.id = s."connectionId" WHERE ${dueSync})
  OR EXISTS (SELECT 1 FROM "CatalogueProduct" d WHERE d.read < d.asked AND d."nextRunAt" <= now() AND EXISTS (
    SELECT 1 FROM "Connection" c WHERE c.shop = d.shop AND c.vendor = ANY($1) AND c.status = 'on' AND c."removedAt" IS NULL)) AS is`;

/** Whether a worker should look: a product to read, a batch to send, a sync to bring on. */
export async function isPublishingDue(sql: Sql): Promise<boolean> {
  return (await sql.query<{ is: boolean }>(due, [catalogueVendors()])).rows[0]?.is === true;
}

// A shop with a catalogue vendor, as the tests put it: run with the environment of the app's processes, because
// accounts and tokens are sealed with its key. `node test/bench/seed-catalogue.ts '<what as JSON>'`.
import pg from "pg";
import { z } from "zod";
import { sealToken } from "#app/session-storage.server.ts";
import { aCatalogueConnection, settings } from "#test/products/connection.ts";
import { aShop, shop } from "#test/support/road.ts";

const wanted = z
  .object({ vendorUrl: z.string(), accessToken: z.string(), refreshToken: z.string() })
  .parse(JSON.parse(process.argv[2] ?? ""));

const db = new pg.Pool({ connectionString: process.env["DATABASE_URL"] });
await aShop(db, shop);
await db.query(
  `INSERT INTO "Session" (id, shop, state, expires, "accessToken", "refreshToken", "refreshTokenExpires")
   VALUES ($1, $2, '', now() + interval '55 minutes', $3, $4, now() + interval '90 days')`,
  [
    `offline_${shop}`,
    shop,
    sealToken(wanted.accessToken, { column: "accessToken", shop }),
    sealToken(wanted.refreshToken, { column: "refreshToken", shop }),
  ],
);
const connectionId = await aCatalogueConnection(db, { settings: settings(wanted.vendorUrl) });
process.stdout.write(`${JSON.stringify({ connectionId })}\n`);
await db.end();

// What Shopify has, as far as we read it: one row a product, for shops with a vendor that takes a catalogue. Whoever
// hears of a change asks for the product; it is read once, however often it was asked for in the meantime.
import { inTransaction, type Db, type Sql } from "../db.server.ts";
import { log } from "../log.server.ts";
import { retryAt } from "../orders/retry.ts";
import { adminFor, ShopifyError } from "../shopify/admin.server.ts";
import { readProduct } from "../shopify/read-product.server.ts";
import { vendors } from "../vendors/index.server.ts";
import type { World } from "../world.server.ts";
import type { ProductFacts } from "./product.ts";

// Shopify sends two or three webhooks for one save in its admin, and a bulk edit sends them in rows.
const settleSeconds = 2;

/** The vendors that take a catalogue, by id. */
export function catalogueVendors(): string[] {
  return vendors.filter(({ catalogue }) => catalogue !== undefined).map(({ id }) => id);
}

const hasCatalogue = `EXISTS (SELECT 1 FROM "Connection" c WHERE c.shop = $1 AND c.vendor = ANY($2) AND c."removedAt" IS NULL)`;

/**
 * Marks a product to be read from Shopify in a moment: two webhooks in one second are one read and one push. Answers
 * whether any vendor of the shop takes a catalogue at all; for the others nothing is kept.
 */
export async function askForProduct(
  sql: Sql,
  { shop, productId }: { shop: string; productId: string },
): Promise<boolean> {
  const asked = await sql.query(
    `INSERT INTO "CatalogueProduct" AS p (shop, "productId", asked, "nextRunAt") SELECT $1, $3, 1, now() + $4 * interval '1 second' WHERE ${hasCatalogue}
     ON CONFLICT (shop, "productId") DO UPDATE SET asked = p.asked + 1, tries = 0,
       "nextRunAt" = CASE WHEN p.read < p.asked THEN least(p."nextRunAt", EXCLUDED."nextRunAt") ELSE EXCLUDED."nextRunAt" END`,
    [shop, catalogueVendors(), productId, settleSeconds],
  );
  return asked.rowCount === 1;
}

/** A product that is to be read now. */
interface Asked {
  shop: string;
  productId: string;
  asked: number;
  tries: number;
}

// Reading twice is harmless, so the claim is only a later moment: a reader that dies is replaced in a minute.
const claimReads = `
  UPDATE "CatalogueProduct" p SET "nextRunAt" = now() + interval '60 seconds', tries = p.tries + 1
  WHERE (p.shop, p."productId") IN (
    SELECT d.shop, d."productId" FROM "CatalogueProduct" d WHERE d.read < d.asked AND d."nextRunAt" <= now()
      AND EXISTS (SELECT 1 FROM "Connection" c WHERE c.shop = d.shop AND c.vendor = ANY($2) AND c.status = 'on' AND c."removedAt" IS NULL)
    ORDER BY d."nextRunAt" LIMIT $1 FOR UPDATE SKIP LOCKED)
  RETURNING p.shop, p."productId", p.asked, p.tries`;

/** Starts reading up to `limit` products that were asked for. Answers with what is under way. */
export async function startReads(world: World, limit: number): Promise<Promise<void>[]> {
  const { rows } = await world.db.query<Asked>(claimReads, [limit, catalogueVendors()]);
  return rows.map((asked) => readOne(world, asked));
}

async function readOne(world: World, asked: Asked): Promise<void> {
  const { shop, productId, tries } = asked;
  try {
    const facts = await readProduct(adminFor(shop, world.db), productId);
    await inTransaction(world.db, (sql) => (facts ? keep(sql, asked, facts) : keepGone(sql, asked)));
  } catch (error) {
    const isShopify = error instanceof ShopifyError;
    if (isShopify) log.warn({ shop, product: productId, problem: error.problem }, "products.not_read");
    else log.error({ err: error, shop, product: productId }, "products.read_failed");
    const later = (isShopify ? error.retryAfterSeconds : undefined) ?? retryAt(tries - 1);
    await world.db.query(
      `UPDATE "CatalogueProduct" SET "nextRunAt" = now() + $4 * interval '1 second' WHERE shop = $1 AND "productId" = $2 AND asked = $3`,
      [shop, productId, asked.asked, later],
    );
  }
}

// Of two readers at once, the one with the older answer may be the last to write: it changes nothing.
async function keep(sql: Sql, { shop, productId, asked }: Asked, facts: ProductFacts): Promise<void> {
  const changed = await sql.query(
    `UPDATE "CatalogueProduct" SET title = $3, facts = $4, "updatedAt" = $5, "readAt" = now(), "goneAt" = NULL
     WHERE shop = $1 AND "productId" = $2 AND ("updatedAt" IS NULL OR "updatedAt" <= $5) AND (facts IS DISTINCT FROM $4::jsonb OR "goneAt" IS NOT NULL)`,
    [shop, productId, facts.title, JSON.stringify(facts), facts.updatedAt],
  );
  await answer(sql, { shop, productId, asked });
  if (changed.rowCount === 1) await tellPublications(sql, { shop, productIds: [productId] });
  await publishEverywhere(sql, { shop, productId });
}

async function keepGone(sql: Sql, { shop, productId, asked }: Asked): Promise<void> {
  const gone = await sql.query(
    `UPDATE "CatalogueProduct" SET facts = NULL, "goneAt" = now(), "readAt" = now() WHERE shop = $1 AND "productId" = $2 AND "goneAt" IS NULL`,
    [shop, productId],
  );
  await answer(sql, { shop, productId, asked });
  if (gone.rowCount === 1) await tellPublications(sql, { shop, productIds: [productId] });
}

// Only what had been asked for when the reading began is answered by it.
async function answer(sql: Sql, { shop, productId, asked }: Omit<Asked, "tries">): Promise<void> {
  await sql.query(
    `UPDATE "CatalogueProduct" SET read = greatest(read, $3), "readAt" = now(), tries = 0 WHERE shop = $1 AND "productId" = $2`,
    [shop, productId, asked],
  );
}

/** Tells every catalogue that these products changed: each is planned anew. */
export async function tellPublications(
  sql: Sql,
  { shop, productIds }: { shop: string; productIds: string[] },
): Promise<void> {
  await sql.query(
    `UPDATE "Publication" SET version = version + 1, "nextRunAt" = now(), tries = 0 WHERE shop = $1 AND "productId" = ANY($2)`,
    [shop, productIds],
  );
}

async function publishEverywhere(
  sql: Sql,
  { shop, productId }: { shop: string; productId: string },
): Promise<void> {
  const connections = await sql.query<{ id: string }>(
    `SELECT id FROM "Connection" WHERE shop = $1 AND vendor = ANY($2) AND "removedAt" IS NULL`,
    [shop, catalogueVendors()],
  );
  for (const { id } of connections.rows) {
    await openCatalogue(sql, { shop, connectionId: id });
    await sql.query(
      `INSERT INTO "Publication" (shop, "connectionId", "productId") VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [shop, id, productId],
    );
  }
}

/** Makes the row under which a connection's catalogue is claimed. */
export async function openCatalogue(
  sql: Sql,
  { shop, connectionId }: { shop: string; connectionId: string },
): Promise<void> {
  await sql.query(`INSERT INTO "Catalogue" ("connectionId", shop) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
    connectionId,
    shop,
  ]);
}

/**
 * Keeps products from an export that was asked for at `exportedAt`. What was read from Shopify itself since then is
 * newer than the file and stays.
 */
export async function keepExported(
  db: Db,
  given: { shop: string; syncId: string; exportedAt: Date; products: ProductFacts[] },
): Promise<void> {
  const { shop, syncId, exportedAt, products } = given;
  const ids = products.map(({ id }) => id);
  await inTransaction(db, async (sql) => {
    await sql.query(
      `INSERT INTO "CatalogueProduct" AS p (shop, "productId", "seenBy") SELECT $1, id, $3 FROM unnest($2::text[]) AS id ORDER BY id
       ON CONFLICT (shop, "productId") DO UPDATE SET "seenBy" = $3`,
      [shop, ids, syncId],
    );
    const changed = await sql.query<{ productId: string }>(
      `UPDATE "CatalogueProduct" p SET title = g.title, facts = g.facts::jsonb, "updatedAt" = g.at, "readAt" = now(), "goneAt" = NULL
       FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) AS g(id, title, facts, at)
       WHERE p.shop = $1 AND p."productId" = g.id AND (p.facts IS DISTINCT FROM g.facts::jsonb OR p."goneAt" IS NOT NULL)
         AND (p."updatedAt" IS NULL OR p."updatedAt" <= g.at)
         AND (p."readAt" IS NULL OR p."readAt" < $6 OR (p."goneAt" IS NULL AND p."updatedAt" < g.at)) RETURNING p."productId"`,
      [
        shop,
        ids,
        products.map(({ title }) => title),
        products.map((facts) => JSON.stringify(facts)),
        products.map(({ updatedAt }) => updatedAt),
        exportedAt,
      ],
    );
    if (changed.rows.length > 0)
      await tellPublications(sql, { shop, productIds: changed.rows.map(({ productId }) => productId) });
  });
}

/**
 * Asks for every product that an export did not have. Absence in a file alone withdraws nothing: Shopify is asked
 * whether the product is really gone.
 */
export async function askForUnseen(
  sql: Sql,
  { shop, syncId, exportedAt }: { shop: string; syncId: string; exportedAt: Date },
): Promise<void> {
  await sql.query(
    `UPDATE "CatalogueProduct" SET asked = asked + 1, tries = 0, "nextRunAt" = now()
     WHERE shop = $1 AND "goneAt" IS NULL AND "seenBy" IS DISTINCT FROM $2 AND ("readAt" IS NULL OR "readAt" < $3)`,
    [shop, syncId, exportedAt],
  );
}

/** Every product of the shop that is not gone, in the order of their numbers, a few hundred in memory at a time. */
export async function* knownProducts(sql: Sql, shop: string): AsyncGenerator<ProductFacts> {
  let last = "";
  for (;;) {
    const { rows } = await sql.query<{ productId: string; facts: ProductFacts }>(
      `SELECT "productId", facts FROM "CatalogueProduct" WHERE shop = $1 AND "productId" > $2 AND facts IS NOT NULL ORDER BY "productId" LIMIT 200`,
      [shop, last],
    );
    if (rows.length === 0) return;
    for (const { productId, facts } of rows) {
      last = productId;
      yield facts;
    }
  }
}

// Plans every product of a catalogue that has news, and finds those that would overwrite each other, before the first
// of them is sent.
import { inTransaction, type Db, type Sql } from "../db.server.ts";
import { log } from "../log.server.ts";
import { VendorError, type Vendor } from "../vendors/vendor.ts";
import { othersThere, renew, type CatalogueClaim } from "./claim.server.ts";
import { planFor, takenSentence, type Plan } from "./plan.ts";
import type { ProductFacts } from "./product.ts";

interface Row {
  id: string;
  version: number;
  productId: string;
  key: string | null;
  itemHash: string | null;
  keysThere: string[];
  facts: ProductFacts | null;
}

const unplanned = `
  SELECT p.id::text, p.version, p."productId", p.key, p."itemHash", p."keysThere", f.facts
  FROM "Publication" p LEFT JOIN "CatalogueProduct" f ON f.shop = p.shop AND f."productId" = p."productId"
  WHERE p."connectionId" = $1 AND p.planned < p.version ORDER BY p.id LIMIT 100`;

/** Plans until nothing is left to plan. Throws VendorError `connection` when the settings are at fault. */
export async function planAll(
  db: Db,
  claim: CatalogueClaim,
  with_: { catalogue: NonNullable<Vendor["catalogue"]>; settings: unknown },
): Promise<void> {
  for (let left = true; left;) {
    // Keys and duplicates in one transaction: a product planned and not compared would overwrite another one.
    left = await inTransaction(db, async (sql) => {
      await renew(sql, claim);
      const { rows } = await sql.query<Row>(unplanned, [claim.connectionId]);
      if (rows.length === 0) return false;
      const plans = rows.map((row) => ({ row, plan: planOne(row, with_) }));
      await write(sql, claim, plans);
      return true;
    });
  }
}

function planOne(row: Row, with_: { catalogue: NonNullable<Vendor["catalogue"]>; settings: unknown }): Plan {
  try {
    return planFor(row.facts, row, with_);
  } catch (error) {
    if (error instanceof VendorError) throw error;
    // Our own mistake must not keep the other products from the vendor.
    log.error({ err: error, product: row.productId }, "publishing.plan_failed");
    const sentence = "Makerlane could not prepare this product. The fault is ours and was reported.";
    return { state: "held", wants: "publish", code: "refused", sentence, key: null, hash: null };
  }
}

async function write(
  sql: Sql,
  { connectionId, accountId }: CatalogueClaim,
  plans: { row: Row; plan: Plan }[],
): Promise<void> {
  await sql.query(
    `UPDATE "Publication" p SET planned = d.version, state = d.state, wants = d.wants, code = d.code, key = d.key, "planHash" = d.hash,
       sentence = CASE WHEN d.state = 'published' THEN coalesce(d.sentence, p.sentence) ELSE d.sentence END,
       "changedAt" = CASE WHEN p.state <> d.state THEN now() ELSE p."changedAt" END
     FROM unnest($2::bigint[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
       AS d(id, version, state, wants, code, sentence, key, hash)
     WHERE p.id = d.id AND p."connectionId" = $1 AND p.version = d.version`,
    [
      connectionId,
      plans.map(({ row }) => row.id),
      plans.map(({ row }) => row.version),
      plans.map(({ plan }) => plan.state),
      plans.map(({ plan }) => plan.wants),
      plans.map(({ plan }) => plan.code),
      plans.map(({ plan }) => plan.sentence),
      plans.map(({ plan }) => plan.key),
      plans.map(({ plan }) => plan.hash),
    ],
  );
  const left = plans.flatMap(({ row, plan }) => (row.key !== null && row.key !== plan.key ? [row.key] : []));
  if (left.length > 0) await releaseTwins(sql, accountId, left);
  const keys = plans.flatMap(({ plan }) => plan.key ?? []);
  if (keys.length === 0) return;
  await holdTwins(sql, connectionId, keys);
  await holdLatecomers(sql, { connectionId, accountId, keys });
}

// A key that a product gave up may be free for the one that was held because of it, in this shop or another one.
async function releaseTwins(sql: Sql, accountId: string, keys: string[]): Promise<void> {
  await sql.query(
    `UPDATE "Publication" SET version = version + 1, "nextRunAt" = now(), tries = 0
     WHERE "connectionId" IN (SELECT id FROM "Connection" WHERE "accountId" = $1) AND key = ANY($2) AND code = 'duplicate'`,
    [accountId, keys],
  );
}

// Both are held, also one that was published before: which of them the key means only the merchant knows.
async function holdTwins(sql: Sql, connectionId: string, keys: string[]): Promise<void> {
  await sql.query(
    `UPDATE "Publication" p SET state = 'held', code = 'duplicate', "changedAt" = now(),
       sentence = 'It has the same key “' || p.key || '” at the vendor as “' || coalesce((
         SELECT min(f.title) FROM "Publication" o JOIN "CatalogueProduct" f ON f.shop = o.shop AND f."productId" = o."productId"
         WHERE o."connectionId" = $1 AND o.key = p.key AND o.wants = 'publish' AND o.id <> p.id), 'another product')
         || '”, and one would overwrite the other. Give each its own SKU in Shopify.'
     WHERE p."connectionId" = $1 AND p.wants = 'publish' AND p.key IN (
       SELECT t.key FROM "Publication" t WHERE t."connectionId" = $1 AND t.wants = 'publish' AND t.key = ANY($2) GROUP BY t.key HAVING count(*) > 1)`,
    [connectionId, keys],
  );
}

// Of two shops only the later one's is held: the other shop's merchant may be somebody else, and did nothing.
async function holdLatecomers(
  sql: Sql,
  { connectionId, accountId, keys }: { connectionId: string; accountId: string; keys: string[] },
): Promise<void> {
  const { rows } = await sql.query<{ key: string }>(
    `SELECT DISTINCT o.key ${othersThere} AND o.key = ANY($3)`,
    [connectionId, accountId, keys],
  );
  if (rows.length === 0) return;
  const taken = rows.map(({ key }) => key);
  await sql.query(
    `UPDATE "Publication" p SET state = 'held', code = 'duplicate', "changedAt" = now(), sentence = t.sentence
     FROM unnest($2::text[], $3::text[]) AS t(key, sentence)
     WHERE p."connectionId" = $1 AND p.wants = 'publish' AND p.state <> 'held' AND p.key = t.key`,
    [connectionId, taken, taken.map(takenSentence)],
  );
}

// How much a storefront may ask of us, counted in PostgreSQL, the same for every web process: buckets that fill with
// time, and numbers of a day, of which a bucket would give away twice as many on its first day.
import { createHmac } from "node:crypto";
import type { Sql } from "../db.server.ts";
import { env } from "../env.server.ts";
import { refuse } from "./proxy-door.server.ts";

/** A limit: at most `size` at once, and as many again in `seconds`. */
export interface Limit {
  name: string;
  size: number;
  seconds: number;
}

const day = 86_400;

// Filling and taking are one statement, so that two processes never give away the same last piece.
const take = `
  INSERT INTO "RateBucket" AS b ("shop", "name", "left", "at") VALUES ($1, $2, $3::float8 - 1, now())
  ON CONFLICT ("shop", "name") DO UPDATE SET "at" = now(),
    "left" = least($3::float8, b."left" + extract(epoch FROM now() - b."at") * $3::float8 / $4) - 1
  WHERE least($3::float8, b."left" + extract(epoch FROM now() - b."at") * $3::float8 / $4) >= 1`;
const wait = `
  SELECT ceil((1 - "left" - extract(epoch FROM now() - "at") * $3::float8 / $4) * $4 / $3::float8)::int AS "seconds"
  FROM "RateBucket" WHERE "shop" = $1 AND "name" = $2`;

/** Takes one piece of a limit: undefined when there was one, else the seconds until there is one again. */
export async function takeFrom(
  sql: Sql,
  shop: string,
  { name, size, seconds }: Limit,
): Promise<number | undefined> {
  if (size <= 0) return day;
  const taken = await sql.query(take, [shop, name, size, seconds]);
  if (taken.rowCount === 1) return undefined;
  const { rows } = await sql.query<{ seconds: number }>(wait, [shop, name, size, seconds]);
  return Math.max(1, rows[0]?.seconds ?? 1);
}

const over = `b."at" <= now() - interval '1 day'`;
const count = `
  INSERT INTO "RateBucket" AS b ("shop", "name", "left", "used", "at") VALUES ($1, $2, 0, 1, now())
  ON CONFLICT ("shop", "name") DO UPDATE SET "at" = CASE WHEN ${over} THEN now() ELSE b."at" END,
    "used" = CASE WHEN ${over} THEN 1 ELSE b."used" + 1 END
  WHERE ${over} OR b."used" < $3`;
const dayEnds = `
  SELECT ceil(extract(epoch FROM "at" + interval '1 day' - now()))::int AS "seconds" FROM "RateBucket" WHERE "shop" = $1 AND "name" = $2`;

/**
 * Counts one of a day's `most`: undefined while it was not more, else the seconds until the next day. The day begins
 * with its first; a number that is changed counts at once.
 */
export async function countOfDay(
  sql: Sql,
  shop: string,
  { name, most }: { name: string; most: number },
): Promise<number | undefined> {
  if (most <= 0) return day;
  const counted = await sql.query(count, [shop, name, most]);
  if (counted.rowCount === 1) return undefined;
  const { rows } = await sql.query<{ seconds: number }>(dayEnds, [shop, name]);
  return Math.max(1, rows[0]?.seconds ?? 1);
}

// An address is personal data: what is kept is a mark that only we can make again.
function mark(text: string): string {
  return createHmac("sha256", env.ENCRYPTION_KEYS[0]?.key ?? "")
    .update(`limit ${text}`)
    .digest("base64url");
}

/** Throws "busy" when this address has sent ten photos in ten minutes. Asked before a byte of the body is read. */
export async function limitAddress(sql: Sql, shop: string, address: string): Promise<void> {
  const seconds = await takeFrom(sql, shop, { name: `address ${mark(address)}`, size: 10, seconds: 600 });
  if (seconds !== undefined) throw refuse("busy", 429, seconds);
}

/**
 * Throws "quota" when this browser has sent 20 photos in a day, or the shop has taken its day's number. The browser is
 * asked first, so that one that is over its own limit uses up nothing of the shop's. `browser` is the hash.
 */
export async function limitDay(sql: Sql, shop: string, browser: string): Promise<void> {
  const own = await countOfDay(sql, shop, { name: `browser ${browser}`, most: 20 });
  if (own !== undefined) throw refuse("quota", 429, own);
  const { rows } = await sql.query<{ photosPerDay: number }>(
    `SELECT "photosPerDay" FROM "Shop" WHERE "shop" = $1`,
    [shop],
  );
  const all = await countOfDay(sql, shop, { name: "shop", most: rows[0]?.photosPerDay ?? 0 });
  if (all !== undefined) throw refuse("quota", 429, all);
}

/** Forgets buckets that are full again, days that are over, and tickets that ran out long ago. */
export async function sweepLimits(sql: Sql): Promise<void> {
  await sql.query(`DELETE FROM "RateBucket" WHERE "at" < now() - interval '1 day'`);
  await sql.query(`DELETE FROM "UploadTicket" WHERE "usedAt" < now() - interval '1 hour'`);
}

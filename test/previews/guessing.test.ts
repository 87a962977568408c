// Whoever guesses finds nothing: keys, references and links are too long, and a right id alone opens no door.
import "./folder.ts";
import { randomBytes, randomUUID } from "node:crypto";
import path from "node:path";
import { beforeEach, expect, test } from "vitest";
import { answerPicture } from "#app/previews/artwork-answers.server.ts";
import { findArtwork } from "#app/previews/artwork.server.ts";
import { findByRef, keepSelection } from "#app/previews/selection.server.ts";
import { newKey, pictureLink } from "#app/previews/storage.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { aShop, shop } from "#test/support/road.ts";
import { aBrowser, signedOf } from "./shopper.ts";

const database = testDatabase();
beforeEach(() => aShop(database.pool, shop));

const kept = 200;

/** A shop with photos and choices to be found; answers with one of each. */
async function aFullShop(): Promise<{ id: string; key: string; ref: string }> {
  const { pool } = database;
  const keys = Array.from({ length: kept }, () => newKey(shop, "jpg"));
  const { rows } = await pool.query<{ id: string; key: string }>(
    `INSERT INTO "Artwork" (shop, key, filename, "contentType", width, height, bytes, sha256, "forgetAt", browser)
     SELECT $1, key, 'photo.jpg', 'image/jpeg', 1, 1, 1, 'x', now() + interval '14 days', md5(key) FROM unnest($2::text[]) AS key
     RETURNING id, key`,
    [shop, keys],
  );
  const refs: string[] = [];
  for (const { id } of rows) {
    const preview = { id: randomUUID(), artworkId: id };
    const chosen = { shop, productId: "1", variantId: "2", browser: aBrowser(), preview, look: "drama" };
    refs.push(await keepSelection(pool, chosen));
  }
  return { id: rows[0]?.id ?? "", key: rows[0]?.key ?? "", ref: refs[0] ?? "" };
}

// The same comparisons as of a picture's key and in findByRef, for as many guesses as the bytes in $2 hold.
const byKey = `
  SELECT count(*)::int AS hits FROM generate_series(0, length($2::bytea) / 24 - 1) AS n
  JOIN "Artwork" ON key = $3 || encode(substring($2 FROM n * 24 + 1 FOR 24), 'hex') || '.jpg' AND shop = $1`;
const byRef = `
  SELECT count(*)::int AS hits FROM generate_series(0, length($2::bytea) / 16 - 1) AS n
  JOIN "Selection" ON ref = encode(sha256(convert_to(rtrim(translate(encode(substring($2 FROM n * 16 + 1 FOR 16), 'base64'), '+/', '-_'), '='), 'UTF8')), 'hex')
    AND shop = $1`;

test("S10 and threat 1: of a million guessed keys and a million guessed references none is one of ours", async () => {
  const { key, ref } = await aFullShop();
  const hits = async (statement: string, ...given: unknown[]): Promise<number> =>
    (await database.pool.query<{ hits: number }>(statement, [shop, ...given])).rows[0]?.hits ?? -1;
  const before = `${path.dirname(key)}/`;
  // The right one is found in this way.
  const name = Buffer.from(path.basename(key, ".jpg"), "hex");
  expect(await hits(byKey, Buffer.concat([randomBytes(24), name]), before)).toBe(1);
  const right = Buffer.from(ref, "base64url");
  expect(await hits(byRef, Buffer.concat([randomBytes(16), right]))).toBe(1);

  for (let round = 0; round < 10; round++) {
    expect(await hits(byKey, randomBytes(24 * 100_000), before)).toBe(0);
    expect(await hits(byRef, randomBytes(16 * 100_000))).toBe(0);
  }
}, 120_000);

test("S10 through the doors themselves a guessed link, reference, id or browser opens nothing", async () => {
  const { id, key, ref } = await aFullShop();
  const { pool } = database;
  expect(await findByRef(pool, { shop, ref })).toBeDefined();
  expect(await findArtwork(pool, { shop, id })).toBeDefined();
  const [body = ""] = signedOf(pictureLink({ base: "", key, seconds: 3600 })).split(".");
  for (let tried = 0; tried < 300; tried++) {
    const guess = randomBytes(16).toString("base64url");
    expect(await findByRef(pool, { shop, ref: guess })).toBeUndefined();
    // The right id, and any browser but its own.
    expect(await findArtwork(pool, { shop, id, browser: aBrowser() })).toBeUndefined();
    expect(await findArtwork(pool, { shop, id: randomUUID(), browser: aBrowser() })).toBeUndefined();
    const signature = randomBytes(32).toString("base64url");
    expect((await answerPicture({ shop }, `${body}.${signature}`)).status).toBe(403);
  }
});

/** Whether each of the first `bits` bits is set in 35 to 65 of a hundred: eight standard deviations of 700. */
function areRandom(all: Buffer[], bits: number): boolean {
  return Array.from({ length: bits }, (_, bit) => {
    const set = all.filter((bytes) => ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1).length / all.length;
    return set > 0.35 && set < 0.65;
  }).every(Boolean);
}

test("S10 and threat 1: a key holds 192 random bits and a reference 128, and no two are the same", async () => {
  const keys = Array.from({ length: 700 }, () => newKey(shop, "jpg"));
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{16}\/\d{4}\/\d\d\/[0-9a-f]{48}\.jpg$/);
  expect(keys[0]).not.toContain("demo");
  const names = keys.map((key) => Buffer.from(path.basename(key, ".jpg"), "hex"));
  expect(areRandom(names, 192)).toBe(true);
  const refs: string[] = [];
  const preview = { id: randomUUID(), artworkId: randomUUID() };
  const chosen = { shop, productId: "1", variantId: "2", browser: aBrowser(), preview, look: "drama" };
  for (let made = 0; made < 700; made++) refs.push(await keepSelection(database.pool, chosen));
  for (const ref of refs) expect(ref).toMatch(/^[\w-]{22}$/);
  expect(
    areRandom(
      refs.map((ref) => Buffer.from(ref, "base64url")),
      128,
    ),
  ).toBe(true);
  expect(new Set([...keys, ...refs]).size).toBe(1400);
  // What is kept of a reference does not give it away.
  const { rows } = await database.pool.query(`SELECT 1 FROM "Selection" WHERE ref = ANY($1)`, [refs]);
  expect(rows).toEqual([]);
  expect(areRandom([...names.slice(0, 699).map(() => Buffer.alloc(24)), Buffer.alloc(24, 1)], 192)).toBe(
    false,
  );
});

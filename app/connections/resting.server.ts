// A vendor account while no order uses it: for what a person does there that would get in an order's way.
import { inTransaction, type Sql } from "../db.server.ts";
import type { World } from "../world.server.ts";

// Longer than any request of a vendor may take; else PostgreSQL would end the transaction in the middle of one.
const longestRequest = "150s";

/**
 * Does something while no order uses an account, and lets none begin until it is done; `stillAlone` throws when that can
 * no longer be promised. Answers with a sentence instead when an order is using the account, or will go on with what it
 * left there. A worker that dies lets go by itself.
 */
export async function whileNoOrder<T>(
  world: World,
  accountId: string,
  work: (stillAlone: () => Promise<void>) => Promise<T>,
): Promise<T | { refused: string }> {
  return inTransaction(world.db, async (sql) => {
    await sql.query(`SET LOCAL idle_in_transaction_session_timeout = '${longestRequest}'`);
    // Keeps the claim of orders away, which locks the row FOR UPDATE, and no one who only writes a token to it.
    await sql.query(`SELECT id FROM "Account" WHERE id = $1 FOR KEY SHARE`, [accountId]);
    const reference = await whoUses(sql, accountId);
    if (reference !== undefined)
      return {
        refused: `${reference} is using this account, or is about to go on with it. Try again in a few minutes, or open that order and decide.`,
      };
    return work(async () => void (await sql.query(`SELECT 1`)));
  });
}

// In a statement of its own, after the lock: it must see what the claims before us took.
async function whoUses(sql: Sql, accountId: string): Promise<string | undefined> {
  const { rows } = await sql.query<{ reference: string }>(
    `SELECT v.reference FROM "Account" a JOIN "VendorOrder" v ON v."accountId" = a.id
     WHERE a.id = $1 AND (v."leaseUntil" + a."quietSeconds" * interval '1 second' > now() OR (v.id = a."holderId" AND v.status = 'waiting'))
     LIMIT 1`,
    [accountId],
  );
  return rows[0]?.reference;
}

// What is settled besides when a person has said what became of a part. Each runs in the decision's transaction.
import type { Sql } from "../db.server.ts";
import { routeWhatWaits } from "./lines.server.ts";
import type { PartInHand } from "./standing.ts";

/** It is known now what became of the part: what waited for that goes on. */
export async function settleDoubt(sql: Sql, { id, orderId }: PartInHand): Promise<void> {
  await settleAttempt(sql, id);
  await sql.query(`${routeWhatWaits} AND o.id = $1`, [orderId]);
}

/** A try that a dead worker left open is over: a person has answered its question. */
export async function settleAttempt(sql: Sql, vendorOrderId: string): Promise<void> {
  await sql.query(
    `UPDATE "Attempt" SET "closedAt" = now(), outcome = 'interrupted', sentence = 'This try was interrupted; you decided what came of it.'
     WHERE "vendorOrderId" = $1 AND "closedAt" IS NULL`,
    [vendorOrderId],
  );
}

/** An account with one basket is free for the next order. */
export async function freeAccount(sql: Sql, part: PartInHand): Promise<void> {
  await sql.query(`UPDATE "Account" SET "holderId" = NULL WHERE id = $1 AND "holderId" = $2`, [
    part.accountId,
    part.id,
  ]);
}

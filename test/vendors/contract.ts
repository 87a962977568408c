// The battery every order vendor runs: the wire is cut at every request and every database call of a submission,
// in every way it can be cut, and whatever happens the vendor has the order at most once, with exactly the right
// lines, and the row ends sent or held, never lost.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { retestConnections } from "#app/connections.server.ts";
import { doesNotExist, itExists, releaseAccount, tryAgain } from "#app/orders/decision.server.ts";
import type { LineFacts } from "#app/orders/order.ts";
import { routing } from "#app/orders/routing.ts";
import { submission } from "#app/orders/submission.ts";
import type { LedgerEntry, StandIn } from "#sandbox/vendors/stand-in.ts";
import { aLine, anOrder } from "#test/support/builders.ts";
import { testDatabase } from "#test/support/database.ts";
import {
  aConnection,
  aMapping,
  aShop,
  aWorld,
  drain,
  hostOf,
  partsOf,
  shop,
  takeIn,
  type PartRow,
} from "#test/support/road.ts";

import { countingWorld, cutWorld, Killed, requestCuts, saveCuts, type Scissors } from "./scissors.ts";

/** What the battery needs to know of a vendor. */
export interface OrderContract {
  vendor: string;
  /** A name for this way of using the vendor, when there are several. */
  mode?: string;
  start(): Promise<StandIn>;
  settings(url: string): Record<string, unknown>;
  product: Record<string, unknown>;
  line(): Partial<LineFacts>;
  /** Further hosts on loopback that the conversation reaches. */
  privateHosts(): string[];
  /** Whether what became of an order can always be found out: then every cut ends sent. */
  provable: boolean;
  /** The right content of one order, compared with the ledger's lines. */
  lines: { quantity: number }[];
  /** Empties what a person would empty at the vendor before releasing the account. */
  tidy?(standIn: StandIn): Promise<void>;
}

/** Runs the battery for one vendor. */
export function orderContract(contract: OrderContract): void {
  const name = `${contract.vendor}${contract.mode ? ` (${contract.mode})` : ""}`;
  describe(`${name}: the wire is cut everywhere`, () => {
    const database = testDatabase();
    let standIn: StandIn;
    let world: ReturnType<typeof aWorld>;
    const ended = { cuts: 0, sent: 0, held: 0 };

    beforeAll(async () => {
      standIn = await contract.start();
      world = aWorld(database.pool, [hostOf(standIn.url), ...contract.privateHosts()]);
    });
    afterAll(async () => {
      process.stdout.write(`${JSON.stringify({ battery: name, ...ended })}\n`);
      await world.close();
      await standIn.stop();
    });

    async function place(number: string): Promise<string> {
      const order = await takeIn(
        database.pool,
        anOrder({
          id: `55512345678${number}`,
          name: `#10${number}`,
          lines: [aLine({ id: `7${number}`, ...contract.line() })],
        }),
      );
      await routing(world);
      return order;
    }

    async function setUp(): Promise<string> {
      standIn.reset();
      await aShop(database.pool);
      const connectionId = await aConnection(database.pool, {
        vendor: contract.vendor,
        settings: contract.settings(standIn.url),
      });
      await aMapping(database.pool, { variantId: "9001", connectionId, product: contract.product });
      return connectionId;
    }

    async function partOf(order: string): Promise<PartRow> {
      const [part] = await partsOf(database.pool, order);
      if (!part) throw new Error("the order has no part");
      return part;
    }

    // Lets time pass to the next moment at which something is due, until the part is no longer waiting.
    async function comeToRest(order: string): Promise<PartRow> {
      for (let rounds = 0; rounds < 40; rounds++) {
        await retestConnections(world);
        await drain(world);
        const part = await partOf(order);
        if (part.status !== "waiting") return part;
        const due = await database.pool.query<{ seconds: number }>(
          `SELECT extract(epoch FROM greatest(v."nextRunAt", v."leaseUntil" + a."quietSeconds" * interval '1 second', c."retestAt") - now())::float AS seconds
           FROM "VendorOrder" v JOIN "Account" a ON a.id = v."accountId" JOIN "Connection" c ON c.id = v."connectionId" WHERE v.id = $1`,
          [part.id],
        );
        await database.later(`${Math.max(1, Math.ceil(due.rows[0]?.seconds ?? 1) + 1)} seconds`);
      }
      throw new Error(`the order never came to rest: ${JSON.stringify(await partOf(order))}`);
    }

    function expectOnlyRightOrders(ledger: LedgerEntry[], most: number): void {
      expect(ledger.length, "orders at the vendor").toBeLessThanOrEqual(most);
      for (const entry of ledger)
        expect(
          entry.lines.map(({ quantity }) => ({ quantity })),
          "lines of the order at the vendor",
        ).toEqual(contract.lines);
    }

    async function runCut(at: Scissors["at"]): Promise<void> {
      const connectionId = await setUp();
      const order = await place("11");
      const scissors: Scissors = { at, requests: 0, saves: 0, isDead: false, late: [] };
      await submission(cutWorld(world, scissors), 5)
        .then((started) => Promise.all(started))
        .catch((error: unknown) => {
          if (!(error instanceof Killed) && at?.what !== "save") throw error;
        });
      if (at?.cut === "late") await landLate(scissors);
      else await cutAgain();
      const part = await comeToRest(order);

      expectOnlyRightOrders(standIn.ledger(), 1);
      expect(["sent", "held"]).toContain(part.status);
      if (contract.provable && at?.cut !== "422 not done")
        expect(part.status, part.sentence ?? "").toBe("sent");
      if (part.status === "sent") expect(standIn.ledger()).toHaveLength(1);
      else await actAsThePerson(order, { part, connectionId });
      ended.cuts++;
      if (part.status === "sent") ended.sent++;
      else ended.held++;
      await expectTheNextOrderArrives();
    }

    // A request that was on its way lands after we gave up on it and had a first look, before we may conclude anything.
    async function landLate(scissors: Scissors): Promise<void> {
      await database.later("10 seconds");
      await drain(world);
      for (const land of scissors.late) await land().catch(() => undefined);
    }

    // Trouble seldom comes alone: the first request after the cut, often the look at what became of it, fails too.
    async function cutAgain(): Promise<void> {
      await database.later("61 seconds");
      const at: Scissors["at"] = { what: "request", number: 0, cut: "500 not done" };
      const again: Scissors = { at, requests: 0, saves: 0, isDead: false, late: [] };
      await Promise.all(await submission(cutWorld(world, again), 5));
    }

    // A held part always says what to look for; the person looks at the vendor and presses the button that fits.
    async function actAsThePerson(
      order: string,
      { part, connectionId }: { part: PartRow; connectionId: string },
    ): Promise<void> {
      expect(part.sentence).toBeTruthy();
      await database.later("10 minutes");
      const [entry] = standIn.ledger();
      await contract.tidy?.(standIn);
      const at = { shop, vendorOrderId: part.id };
      const isOpen = part.code === "unsure" || part.code === "number unknown";
      const decided = entry
        ? await itExists(world, { ...at, number: entry.number })
        : isOpen
          ? await doesNotExist(world, at)
          : await tryAgain(world, at);
      expect(decided).toEqual({ done: true });
      await releaseAccount(world, { shop, connectionId });
      expect(await comeToRest(order)).toMatchObject({ status: "sent" });
      expect(standIn.ledger()).toHaveLength(1);
    }

    // The proof that nothing is stuck and nothing was left behind: the next order arrives, and arrives clean.
    async function expectTheNextOrderArrives(): Promise<void> {
      const next = await place("12");
      expect(await comeToRest(next)).toMatchObject({ status: "sent" });
      expect(standIn.ledger()).toHaveLength(2);
      expectOnlyRightOrders(standIn.ledger(), 2);
    }

    test("every cut ends with the order sent once, or held for a person", { timeout: 600_000 }, async () => {
      await setUp();
      await place("11");
      const calm: Scissors = { at: undefined, requests: 0, saves: 0, isDead: false, late: [] };
      await Promise.all(await submission(countingWorld(world, calm), 5));
      expect(standIn.ledger()).toHaveLength(1);
      expect(calm.requests).toBeGreaterThan(0);

      for (let number = 0; number < calm.requests; number++) {
        for (const cut of requestCuts) await named({ what: "request", number, cut }, runCut);
      }
      for (let number = 0; number < calm.saves; number++) {
        for (const cut of saveCuts) await named({ what: "save", number, cut }, runCut);
      }
    });

    async function named(
      at: NonNullable<Scissors["at"]>,
      run: (at: Scissors["at"]) => Promise<void>,
    ): Promise<void> {
      await database.empty();
      try {
        await run(at);
      } catch (error) {
        throw new Error(`cut at ${at.what} ${at.number + 1}, ${at.cut}`, { cause: error });
      }
    }
  });
}

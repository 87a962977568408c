// The battery every vendor with a catalogue runs: the wire is cut at every request and every database call of a run
// that creates, changes, renames and takes out products, in every way it can be cut. Whatever happens, in the end the
// vendor shows exactly what Shopify has, and the next change arrives.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { retestConnections } from "#app/connections.server.ts";
import { keepExported, openCatalogue } from "#app/products/known.server.ts";
import type { ProductFacts } from "#app/products/product.ts";
import { startBatches } from "#app/products/publishing.ts";
import { publishAgain } from "#app/products/sync.server.ts";
import type { World } from "#app/world.server.ts";
import type { StandIn } from "#sandbox/vendors/stand-in.ts";
import { aCatalogueConnection } from "#test/products/connection.ts";
import { testDatabase } from "#test/support/database.ts";
import { aShop, aWorld, hostOf, shop } from "#test/support/road.ts";
import { countingWorld, cutWorld, Killed, requestCuts, saveCuts, type Scissors } from "./scissors.ts";

/** What the battery needs to know of a vendor. */
export interface CatalogueContract<S extends StandIn> {
  vendor: string;
  start(): Promise<S>;
  settings(url: string): Record<string, unknown>;
  /** What the vendor shows: key → name, active products only. */
  shown(standIn: S): Record<string, string>;
}

/** A product with one variant; its SKU is the vendor's key. */
function aChair(id: string, sku: string, more: Partial<ProductFacts> = {}): ProductFacts {
  return {
    id,
    title: `Chair ${id}`,
    handle: `chair-${id}`,
    descriptionHtml: "<p>Ash, oiled.</p>",
    status: "active",
    tags: [],
    currency: "USD",
    updatedAt: "2026-11-22T08:00:00.000Z",
    images: [],
    variants: [
      {
        id: `9${id}`,
        title: "Default Title",
        sku,
        price: { minor: 20_000, currency: "USD" },
        options: [{ name: "Title", value: "Default Title" }],
        metafields: {},
      },
    ],
    metafields: {},
    ...more,
  };
}

const before = [aChair("1", "CHAIR-1"), aChair("2", "CHAIR-2"), aChair("3", "CHAIR-3")];
// One is new, one has another name, one another SKU, one is archived.
const after = [
  aChair("1", "CHAIR-1", { title: "Renamed" }),
  aChair("2", "CHAIR-2", { status: "archived" }),
  aChair("3", "CHAIR-33"),
  aChair("4", "CHAIR-4"),
];
const right = { "CHAIR-1": "Renamed", "CHAIR-33": "Chair 3", "CHAIR-4": "Chair 4" };

/** Runs the battery for one vendor. */
export function catalogueContract<S extends StandIn>(contract: CatalogueContract<S>): void {
  describe(`${contract.vendor}: the wire is cut everywhere`, () => {
    const database = testDatabase();
    let standIn: S;
    let world: ReturnType<typeof aWorld>;
    let connectionId = "";
    const ended = { cuts: 0, byThemselves: 0, byAPerson: 0 };

    beforeAll(async () => {
      standIn = await contract.start();
      world = aWorld(database.pool, [hostOf(standIn.url)]);
    });
    afterAll(async () => {
      process.stdout.write(`${JSON.stringify({ battery: `${contract.vendor} (catalogue)`, ...ended })}\n`);
      await world.close();
      await standIn.stop();
    });

    // As a reading of Shopify leaves them; each call is later than the one before.
    let minute = 0;
    async function tell(products: ProductFacts[]): Promise<void> {
      const updatedAt = new Date(Date.UTC(2026, 10, 22, 8, ++minute)).toISOString();
      await keepExported(database.pool, {
        shop,
        syncId: "00000000-0000-4000-8000-000000000000",
        exportedAt: new Date(),
        products: products.map((product) => ({ ...product, updatedAt })),
      });
      await openCatalogue(database.pool, { shop, connectionId });
      await database.pool.query(
        `INSERT INTO "Publication" (shop, "connectionId", "productId") SELECT $1, $2, id FROM unnest($3::text[]) AS id ON CONFLICT DO NOTHING`,
        [shop, connectionId, products.map(({ id }) => id)],
      );
    }

    async function setUp(): Promise<void> {
      standIn.reset();
      await aShop(database.pool);
      connectionId = await aCatalogueConnection(database.pool, {
        vendorId: contract.vendor,
        settings: contract.settings(standIn.url),
      });
      await tell(before);
      await run(world);
      expect(Object.keys(contract.shown(standIn))).toEqual(["CHAIR-1", "CHAIR-2", "CHAIR-3"]);
      await tell(after);
    }

    async function run(within: World): Promise<void> {
      for (let rounds = 0; rounds < 50; rounds++) {
        const started = await startBatches(within, 4);
        if (started.length === 0) return;
        await Promise.all(started);
      }
      throw new Error("the catalogue does not come to rest");
    }

    const waiting = async (): Promise<number> =>
      (
        await database.pool.query<{ count: number }>(
          `SELECT count(*)::int FROM "Publication" WHERE state = 'waiting' OR planned < version`,
        )
      ).rows[0]?.count ?? 0;

    // Lets a minute pass at a time, until nothing waits any more.
    async function comeToRest(): Promise<void> {
      for (let rounds = 0; rounds < 40; rounds++) {
        await retestConnections(world);
        await run(world);
        if ((await waiting()) === 0) return;
        await database.later("61 seconds");
      }
      throw new Error("the catalogue never came to rest");
    }

    // With `goesBack`, one product is again what it was before the run that was cut: what the vendor may have been
    // told meanwhile must not be taken for what it was told before.
    async function runCut(at: NonNullable<Scissors["at"]>, goesBack: boolean): Promise<void> {
      await setUp();
      const scissors: Scissors = { at, requests: 0, saves: 0, isDead: false, late: [] };
      await run(cutWorld(world, scissors)).catch((error: unknown) => {
        if (!(error instanceof Killed) && at.what !== "save") throw error;
      });
      // What was on its way lands after we gave up on it and before anything else may leave.
      await database.later("30 seconds");
      if (goesBack) await tell(before.slice(0, 1));
      const expected = goesBack ? { ...right, "CHAIR-1": "Chair 1" } : right;
      await run(world);
      for (const land of scissors.late) await land().catch(() => undefined);

      await comeToRest();
      const held = await database.pool.query<{ productId: string; sentence: string }>(
        `SELECT "productId", sentence FROM "Publication" WHERE state = 'held'`,
      );
      for (const { productId, sentence } of held.rows) {
        expect(sentence).toBeTruthy();
        expect(await publishAgain(world, { shop, connectionId, productId })).toEqual({ done: true });
      }
      await comeToRest();

      expect(contract.shown(standIn)).toEqual(expected);
      const rows = await database.pool.query<{ state: string; keysThere: string[] }>(
        `SELECT state, "keysThere" FROM "Publication" ORDER BY "productId"`,
      );
      expect(rows.rows).toEqual([
        { state: "published", keysThere: ["CHAIR-1"] },
        { state: "withdrawn", keysThere: [] },
        { state: "published", keysThere: ["CHAIR-33"] },
        { state: "published", keysThere: ["CHAIR-4"] },
      ]);
      ended.cuts++;
      if (held.rows.length === 0) ended.byThemselves++;
      else ended.byAPerson++;
      await expectTheNextChangeArrives();
    }

    async function expectTheNextChangeArrives(): Promise<void> {
      await tell([aChair("1", "CHAIR-1", { title: "Renamed again" })]);
      await comeToRest();
      expect(contract.shown(standIn)).toEqual({ ...right, "CHAIR-1": "Renamed again" });
    }

    test(
      "every cut ends with the vendor showing exactly what Shopify has",
      { timeout: 600_000 },
      async () => {
        await setUp();
        const calm: Scissors = { at: undefined, requests: 0, saves: 0, isDead: false, late: [] };
        await run(countingWorld(world, calm));
        expect(contract.shown(standIn)).toEqual(right);
        expect(calm.requests).toBeGreaterThan(2);

        for (let number = 0; number < calm.requests; number++)
          for (const cut of requestCuts) await named({ what: "request", number, cut });
        for (let number = 0; number < calm.saves; number++)
          for (const cut of saveCuts) await named({ what: "save", number, cut });
        for (const [what, count] of [["request", calm.requests] as const, ["save", calm.saves] as const])
          for (let number = 0; number < count; number++)
            await named({ what, number, cut: "killed after" }, true);
      },
    );

    async function named(at: NonNullable<Scissors["at"]>, goesBack = false): Promise<void> {
      await database.empty();
      try {
        await runCut(at, goesBack);
      } catch (error) {
        const then = goesBack ? ", then back to what it was" : "";
        throw new Error(`cut at ${at.what} ${at.number + 1}, ${at.cut}${then}`, { cause: error });
      }
    }
  });
}

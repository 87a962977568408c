// The database of a test file about pages: the pages read it through the app's own connections, which end with it.
import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import { testDatabase, type TestDatabase } from "#test/support/database.ts";

/**
 * Gives the test file a database that the app's own modules use as well. They must be imported in a `beforeAll` and
 * not at the file's top: what imports the environment reads the database's address from it, once.
 */
export function pagesDatabase(): TestDatabase {
  const database = testDatabase();
  process.env["DATABASE_URL"] = database.url;

  beforeAll(async () => {
    const { prisma } = await import("#app/world.server.ts");
    const [at] = await prisma.$queryRaw<{ name: string }[]>`SELECT current_database()::text AS name`;
    // Else something read the environment too early, and these tests would write into a developer's own database.
    if (!at || !database.url.endsWith(`/${at.name}`)) throw new Error("the pages use another database");
  });
  afterAll(async () => {
    const { prisma, world } = await import("#app/world.server.ts");
    await prisma.$disconnect();
    const { db } = await world();
    if (db instanceof pg.Pool) await db.end();
  });
  return database;
}

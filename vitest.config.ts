// How the tests run: real PostgreSQL (one server for all, one database per file), shuffled, one setup.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/postgres.ts"],
    setupFiles: ["test/support/setup.ts"],
    sequence: { shuffle: true },
    restoreMocks: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more workers only take turns.
    maxWorkers: 2,
  },
});

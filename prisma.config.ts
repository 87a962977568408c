// Where Prisma's commands find the schema and the database. They run without native engines, through the pg
// driver (adapter 7: the 6.19 one cannot read the columns that "migrate" asks for).
import path from "node:path";
import { PrismaPg } from "adapter-pg7";
import { defineConfig } from "prisma/config";

export default defineConfig({
  schema: path.join("prisma", "schema.prisma"),
  experimental: { adapter: true },
  engine: "js",
  // An idle pool would keep the command alive for ten seconds after it is done (measured: 11.3 s, now 1.7 s).
  adapter: async () =>
    new PrismaPg({
      connectionString: process.env.DATABASE_URL,
      allowExitOnIdle: true,
      idleTimeoutMillis: 200,
    }),
});

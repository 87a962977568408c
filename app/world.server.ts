// What a step needs to act on the world, gathered in one place so that a test can cut any wire of it.
import type { PrismaClient } from "@prisma/client";
import { createPool, createPrisma, databaseUrl, type Db } from "./db.server.ts";
import { env } from "./env.server.ts";
import { createWaker, type Step } from "./queue.server.ts";
import { createHttp, type Http } from "./vendors/http.server.ts";

/** The database, the wire to vendors, and the bell of the queue. Shopify is reached by shop (app/shopify). */
export interface World {
  db: Db;
  http: Http;
  wake(step: Step): void;
}

let web: Promise<World> | undefined;

/** The web process's world, made once. */
export function world(): Promise<World> {
  web ??= databaseUrl().then((url) => {
    const db = createPool(url, { max: 10, name: "web" });
    const { wake } = createWaker(db);
    return { db, wake, http: createHttp({ allowedPrivateHosts: env.ALLOWED_PRIVATE_HOSTS }) };
  });
  return web;
}

/** The web process's Prisma client, for what pages read. */
export const prisma: PrismaClient = createPrisma(await databaseUrl());

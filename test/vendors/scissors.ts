// Cuts the wires of a world: at the n-th request or the n-th database call, in a given way.
import type pg from "pg";
import type { Db } from "#app/db.server.ts";
import { SendError, type Http, type RawReply } from "#app/vendors/http.server.ts";
import type { World } from "#app/world.server.ts";

/** A way to cut the wire at one request, or at one database call. */
export type Cut =
  | "refused"
  | "lost before"
  | "lost after"
  | "late"
  | "500 not done"
  | "500 done"
  | "502 page, done"
  | "truncated"
  | "422 not done"
  | "call fails before"
  | "call fails after"
  | "killed before"
  | "killed after";
/** Every way at a request. */
export const requestCuts: Cut[] = [
  "refused",
  "lost before",
  "lost after",
  "late",
  "500 not done",
  "500 done",
  "502 page, done",
  "truncated",
  "422 not done",
  "killed before",
  "killed after",
];
/** Every way at a database call. */
export const saveCuts: Cut[] = ["killed before", "killed after", "call fails before", "call fails after"];

/** The process is gone: nothing it meant to do happens any more. */
export class Killed extends Error {}

/** Where to cut, what was counted on the way there, and what is still under way. */
export interface Scissors {
  at: { what: "request" | "save"; number: number; cut: Cut } | undefined;
  requests: number;
  saves: number;
  isDead: boolean;
  late: (() => Promise<unknown>)[];
}

/** A world whose wires are cut as the scissors say. */
export function cutWorld(world: World, scissors: Scissors): World {
  return { db: cutDb(world.db, scissors), http: cutHttp(world.http, scissors), wake: () => undefined };
}

function cutHttp(http: Http, scissors: Scissors): Http {
  const pageOf = (status: number, text: string): RawReply => ({
    status,
    headers: { "content-type": "text/html" },
    bytes: new TextEncoder().encode(text),
  });
  return async (request, fresh) => {
    if (scissors.isDead) throw new Killed();
    const { at } = scissors;
    if (at?.what !== "request" || at.number !== scissors.requests++) return http(request, fresh);
    const lost = (): SendError => new SendError("lost", "cut", { sent: true });
    switch (at.cut) {
      case "refused":
        throw new SendError("unreachable", "cut", { sent: false });
      case "lost before":
        throw lost();
      case "late":
        scissors.late.push(() => http(request, fresh));
        throw lost();
      case "500 not done":
        return pageOf(500, "cut");
      case "422 not done":
        return { ...pageOf(422, '{"error":"no"}'), headers: { "content-type": "application/json" } };
      case "killed before":
        scissors.isDead = true;
        throw new Killed();
    }
    const reply = await http(request, fresh);
    switch (at.cut) {
      case "lost after":
        throw lost();
      case "500 done":
        return pageOf(500, "cut");
      case "502 page, done":
        return pageOf(502, "<html>Bad gateway</html>");
      case "truncated":
        return { ...reply, bytes: reply.bytes.subarray(0, Math.floor(reply.bytes.length / 2)) };
      case "killed after":
        scissors.isDead = true;
        throw new Killed();
      default:
        return reply;
    }
  };
}

function cutDb(db: Db, scissors: Scissors): Db {
  const cut = async <T>(call: () => Promise<T>): Promise<T> => {
    if (scissors.isDead) throw new Killed();
    const { at } = scissors;
    const isHere = at?.what === "save" && at.number === scissors.saves++;
    if (!isHere) return call();
    // The database goes away for one call, and the process lives on; or the process itself is gone.
    const isKilled = at.cut === "killed before" || at.cut === "killed after";
    const gone = isKilled ? new Killed() : new Error("Connection terminated unexpectedly");
    scissors.isDead = isKilled;
    if (at.cut === "killed before" || at.cut === "call fails before") throw gone;
    await call();
    throw gone;
  };
  return {
    query: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) =>
      cut(() => db.query<Row>(text, values)),
    connect: async () => {
      if (scissors.isDead) throw new Killed();
      const client = await db.connect();
      const cutClient = {
        query: (text: string, values?: unknown[]) => cut(() => client.query(text, values)),
        // A killed process closes its connection: what it did not commit is rolled back.
        release: () => client.release(scissors.isDead),
      };
      return cutClient as unknown as pg.PoolClient;
    },
  };
}

/** A world that only counts its requests and database calls. */
export function countingWorld(world: World, calm: Scissors): World {
  return {
    http: (request, fresh) => (calm.requests++, world.http(request, fresh)),
    db: {
      query: (text, values) => (calm.saves++, world.db.query(text, values)),
      connect: () => countClient(world.db, calm),
    },
    wake: () => undefined,
  };
}

async function countClient(db: Db, calm: Scissors): Promise<pg.PoolClient> {
  const client = await db.connect();
  const counting = {
    query: (text: string, values?: unknown[]) => (calm.saves++, client.query(text, values)),
    release: () => client.release(),
  };
  return counting as unknown as pg.PoolClient;
}

// One plain HTTP server for every vendor stand-in: routes in, answers out, with a ledger of what was truly
// ordered and switches for faults. Plain node:http, because it is part of what the benchmark measures.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerControl } from "./control.ts";
import { armFaults, type Fault } from "./faults.ts";
import { keepRequests, type Recorded } from "./request-log.ts";
import { refusal, routeFinder, type Call, type Route } from "./routes.ts";
import {
  badGateway,
  describe,
  readBytes,
  send,
  sendHalf,
  understand,
  type Reply,
  type Sent,
} from "./wire.ts";

export type { Fault, FaultKind } from "./faults.ts";
export type { Call, Route } from "./routes.ts";
export { html, json, type Reply } from "./wire.ts";

/** One order that truly exists at the vendor. */
export interface LedgerEntry {
  vendor: string;
  /** The vendor's own number for it. */
  number: string;
  /** ISO time. */
  at: string;
  /** What was truly ordered, complete. */
  body: unknown;
  lines: { sku: string; quantity: number; detail: Record<string, unknown> }[];
  /** The client's own reference, where the vendor has a field for one. */
  reference?: string;
}

/** A running stand-in, as tests and the demo hold it. */
export interface StandIn {
  /** The vendor's id in the app. */
  id: string;
  url: string;
  port: number;
  ledger(): LedgerEntry[];
  requests(): Recorded[];
  /** What it answers: every route of the vendor's document, with * for a part of the path. */
  routes(): { method: string; path: string }[];
  fault(f: Fault): void;
  clearFaults(): void;
  releaseLate(): void;
  reset(): void;
  stop(): Promise<void>;
}

/** What went wrong, for the vendor to put in its own words. */
export interface Problem {
  status: number;
  text: string;
  method: string;
  path: string;
}

/** What a vendor brings along to be put behind the server. */
export interface Vendor {
  id: StandIn["id"];
  name: string;
  about: string;
  basePath?: string;
  routes: Route[];
  ledger: LedgerEntry[];
  /** The answer to a request without a good key, or undefined when the key is good. */
  admit(call: Call): Reply | undefined;
  /** An error in this vendor's own shape. */
  complain(problem: Problem): Reply;
  /** The answer on a path that does not exist. */
  unknownPath(path: string): Reply;
  /** Only with previews: the routes that refuse an old one, and how. */
  expiredPreview?: { routes: string[]; reply: Reply };
  reset(): void;
}

interface Arrival {
  route: Route;
  call: Call;
  fault: Fault | undefined;
  request: IncomingMessage;
  response: ServerResponse;
  record: Recorded;
}

/** Listens on loopback. Attach a vendor with standBehind in the same turn, before the first request. */
export async function openDoor(port = 0): Promise<{ server: Server; url: string; port: number }> {
  // A kept connection must not be closed under a client that is about to buy: it would look like a lost reply.
  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${address.port}`, port: address.port };
}

/** Puts a vendor behind an open door. */
export function standBehind(door: { server: Server; url: string; port: number }, vendor: Vendor): StandIn {
  const base = vendor.basePath ?? "";
  const documented = vendor.routes.filter((route) => route.aside !== true);
  const faults = armFaults(
    documented.map((route) => `${route.method} ${route.path}`),
    vendor.expiredPreview?.routes,
  );
  const log = keepRequests();
  const timers = new Set<NodeJS.Timeout>();
  const find = routeFinder(vendor.routes);
  let late: (() => void)[] = [];

  const standIn: StandIn = {
    id: vendor.id,
    url: door.url + base,
    port: door.port,
    ledger: () => vendor.ledger,
    requests: () => log.all(),
    routes: () => documented.map(({ method, path }) => ({ method, path })),
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    releaseLate() {
      const waiting = late;
      late = [];
      for (const effect of waiting) effect();
    },
    reset() {
      faults.clear();
      log.clear();
      late = [];
      vendor.ledger.length = 0;
      vendor.reset();
    },
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      const closed = new Promise<void>((resolve) => door.server.close(() => resolve()));
      door.server.closeAllConnections();
      await closed;
    },
  };

  /** Runs the route. Everything up to its first await happens in this turn, so effects keep their order. */
  async function act({ route, call }: Arrival): Promise<Reply> {
    try {
      return refusal(vendor, { route, call }) ?? (await route.answer(call));
    } catch (error) {
      process.stderr.write(`${vendor.id} stand-in: ${call.method} ${call.path}: ${String(error)}\n`);
      return vendor.complain({ status: 500, text: "Server Error", method: call.method, path: call.path });
    }
  }

  function reply(arrival: Arrival, answer: Reply): void {
    arrival.record.status = arrival.response.destroyed ? "none" : answer.status;
    send(arrival.response, answer);
  }

  async function settle(arrival: Arrival): Promise<void> {
    const { fault, response, request, record } = arrival;
    const { method, path } = arrival.call;
    const broken = { status: 500, text: "Server Error", method, path };
    switch (fault?.kind) {
      case undefined:
        return reply(arrival, await act(arrival));
      case "refuse":
      case "timeout-before":
        return;
      case "slow": {
        const answer = await act(arrival);
        const timer = setTimeout(() => {
          timers.delete(timer);
          reply(arrival, answer);
        }, fault.delayMs ?? 1000);
        timers.add(timer);
        return;
      }
      case "timeout-after":
        await act(arrival);
        return;
      case "reset-after":
        await act(arrival);
        request.socket.resetAndDestroy();
        return;
      case "too-many": {
        const answer = vendor.complain({ status: 429, text: "Too many requests.", method, path });
        const seconds = String(fault.retryAfterSeconds ?? 1);
        return reply(arrival, { ...answer, headers: { ...answer.headers, "retry-after": seconds } });
      }
      case "error-not-done":
        return reply(arrival, vendor.complain(broken));
      case "error-done":
        await act(arrival);
        return reply(arrival, vendor.complain(broken));
      case "html-502":
        return reply(arrival, badGateway);
      case "html-502-done":
        await act(arrival);
        return reply(arrival, badGateway);
      case "truncated": {
        const answer = await act(arrival);
        record.status = answer.status;
        return sendHalf(response, answer);
      }
      case "expired-preview":
        return reply(arrival, vendor.expiredPreview?.reply ?? vendor.complain(broken));
      case "revoked-key":
        return reply(arrival, vendor.complain({ status: 401, text: "This key was revoked.", method, path }));
      case "late":
        late.push(() => void act(arrival));
    }
  }

  door.server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    response.on("error", () => undefined);
    const asked = request.url ?? "/";
    const cut = asked.indexOf("?");
    const full = cut < 0 ? asked : asked.slice(0, cut);
    const path = base !== "" && full.startsWith(`${base}/`) ? full.slice(base.length) : full;
    const query = new URLSearchParams(cut < 0 ? "" : asked.slice(cut + 1));
    const method = request.method ?? "GET";

    const controlled = path === "/" || path.startsWith("/_sandbox");
    const inBase = controlled || base === "" || path !== full;
    const found = inBase && !controlled ? find(method, path) : undefined;
    const route = found?.route;
    const logged = !controlled && route?.aside !== true;
    const fault = route && !route.aside ? faults.take(method, path) : undefined;
    const record = logged ? log.open({ method, path: asked, headers: request.headers }) : unlogged();
    if (fault?.kind === "refuse") return void request.socket.destroy();

    readBytes(request, (raw) => {
      if (raw === "gone") return;
      if (raw === "too-big") {
        record.status = 413;
        const answer = vendor.complain({ status: 413, text: "Request Entity Too Large", method, path });
        return send(response, { ...answer, headers: { connection: "close" } });
      }
      if (controlled) {
        return send(
          response,
          answerControl(
            { standIn, vendor, faults, waiting: () => late.length },
            { method, path, query, raw },
          ),
        );
      }
      if (!route || !found) {
        record.status = found ? 405 : 404;
        const wrongMethod = { status: 405, text: `Method "${method}" not allowed.`, method, path };
        return send(response, found ? vendor.complain(wrongMethod) : vendor.unknownPath(full));
      }
      const proceed = (sent: Sent): void => {
        log.keepBody(record, { body: describe(sent), bytes: raw.length });
        const call: Call = { ...sent, method, path, params: found.params, query, headers: request.headers };
        void settle({ route, call, fault, request, response, record });
      };
      const sent = understand(request.headers["content-type"] ?? "", raw);
      if (sent instanceof Promise) void sent.then(proceed);
      else proceed(sent);
    });
  });
  door.server.on("clientError", (_error, socket) => socket.destroy());
  return standIn;
}

function unlogged(): Recorded {
  return { method: "", path: "", status: "none", body: undefined, headers: {} };
}

// The one way out to vendors: deadline, byte cap, no redirects, no private addresses, and the only place that
// turns HTTP and socket outcomes into a problem. It knows one thing: an ask may be repeated, a commit may not.
import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { Agent, FormData, buildConnector, request as undiciRequest } from "undici";
import { isPrivateAddress } from "./address-guard.ts";
import { VendorError, type Problem, type VendorReply, type VendorRequest } from "./vendor.ts";

const deadlineMs = 20_000;
const maxReplyBytes = 2 * 1024 * 1024;
const keptBytes = 4 * 1024;

/** Something that carries one request and brings the bytes back, or throws a SendError. Replaceable, to cut the wire in tests. */
export type Http = (request: VendorRequest, fresh: boolean) => Promise<RawReply>;

/** What came back, before anybody judged it. */
export interface RawReply {
  status: number;
  headers: Record<string, string>;
  bytes: Uint8Array;
}

/** The request got no answer. `sent` is false only when it is certain that not one byte of it left. */
export class SendError extends Error {
  readonly sent: boolean;
  readonly kind: "unreachable" | "forbidden" | "insecure" | "lost" | "too big";
  constructor(kind: SendError["kind"], message: string, more: { sent: boolean; cause?: unknown }) {
    super(message, { cause: more.cause });
    this.name = "SendError";
    this.kind = kind;
    this.sent = more.sent;
  }
}

/** One request and what became of it, masked: what the Attempt keeps and the merchant may see. */
export interface Exchange {
  at: string;
  kind: "ask" | "commit";
  method: string;
  url: string;
  request?: string;
  status?: number;
  response?: string;
  milliseconds: number;
  problem?: Problem;
}

/**
 * The wire to vendors. `allowedPrivateHosts` ("host:port") are the operator's own exceptions to the rule that
 * a vendor never lives on a private address; only for them is plain http allowed as well.
 */
export function createHttp({
  allowedPrivateHosts,
}: {
  allowedPrivateHosts: readonly string[];
}): Http & { close(): Promise<void> } {
  const allowed = new Set(allowedPrivateHosts);
  const connect = guardedConnector(allowed);
  const options = {
    connect,
    connections: 64,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: -1,
  } as const;
  const kept = new Agent({ ...options, keepAliveTimeout: 10_000 });
  // Not reused: a reset on a kept-alive socket cannot be told from a lost answer, and a commit must be told apart.
  const fresh = new Agent({ ...options, pipelining: 0 });
  const http: Http = (request, isFresh) => send(request, { dispatcher: isFresh ? fresh : kept, allowed });
  return Object.assign(http, { close: async () => void (await Promise.all([kept.close(), fresh.close()])) });
}

// A literal address never goes through lookup, so a lookup-only guard leaks five of six forms (measured).
// Checked are the literal, every resolved address, and, should both fail, the peer of the open socket.
function guardedConnector(allowed: ReadonlySet<string>): buildConnector.connector {
  const open = buildConnector({ timeout: 5_000, lookup: guardedLookup });
  const openAllowed = buildConnector({ timeout: 5_000 });
  return (options, callback) => {
    const port = options.port || (options.protocol === "https:" ? "443" : "80");
    const hostname = options.hostname.replace(/^\[|\]$/g, "");
    if (allowed.has(`${hostname}:${port}`)) return openAllowed(options, callback);
    if (isIP(hostname) !== 0 && isPrivateAddress(hostname))
      return callback(new SendError("forbidden", "private address", { sent: false }), null);
    open(options, (error, socket) => {
      if (error || !socket) return callback(error ?? new Error("no socket"), null);
      if (socket.remoteAddress !== undefined && isPrivateAddress(socket.remoteAddress)) {
        socket.destroy();
        return callback(new SendError("forbidden", "private address", { sent: false }), null);
      }
      callback(null, socket);
    });
  };
}

const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, "", 0);
    const first = addresses[0];
    if (!first || addresses.some((entry) => isPrivateAddress(entry.address))) {
      return callback(new SendError("forbidden", "private address", { sent: false }), "", 0);
    }
    if (options.all) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
};

async function send(
  request: VendorRequest,
  { dispatcher, allowed }: { dispatcher: Agent; allowed: ReadonlySet<string> },
): Promise<RawReply> {
  if (!URL.canParse(request.url)) throw new SendError("forbidden", "not a web address", { sent: false });
  const url = new URL(request.url);
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const isAllowed = allowed.has(`${url.hostname.replace(/^\[|\]$/g, "")}:${port}`);
  if (url.username !== "" || (url.protocol !== "https:" && !(url.protocol === "http:" && isAllowed))) {
    throw new SendError("forbidden", "vendors are reached over https only", { sent: false });
  }
  const { body, contentType } = bodyOf(request);
  const maxBytes = request.maxBytes ?? maxReplyBytes;
  const deadline = AbortSignal.timeout(request.deadlineMs ?? deadlineMs);
  try {
    const reply = await undiciRequest(url, {
      method: request.method,
      dispatcher,
      signal: deadline,
      body,
      headers: {
        accept: "application/json",
        "user-agent": "Makerlane/1",
        ...(contentType && { "content-type": contentType }),
        ...request.headers,
      },
    });
    const headers = Object.fromEntries(
      Object.entries(reply.headers).map(([name, value]) => [name, String(value)]),
    );
    return { status: reply.statusCode, headers, bytes: await readCapped(reply.body, maxBytes) };
  } catch (error) {
    throw asSendError(error);
  }
}

function bodyOf(request: VendorRequest): { body: string | FormData | null; contentType?: string } {
  if (request.form) {
    const form = new FormData();
    for (const [name, value] of request.form.fields) form.append(name, value);
    for (const file of request.form.files ?? [])
      form.append(
        file.name,
        new Blob([file.bytes as Uint8Array<ArrayBuffer>], { type: file.contentType }),
        file.filename,
      );
    return { body: form };
  }
  return request.json === undefined
    ? { body: null }
    : { body: JSON.stringify(request.json), contentType: "application/json" };
}

async function readCapped(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new SendError("too big", "the answer is too big", { sent: true });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

// What undici and Node say when not one byte of the request can have left: no address, no connection, no TLS.
const neverSent = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const tlsTrouble = /^(ERR_TLS_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_SSL_|EPROTO)/;

function asSendError(error: unknown): SendError {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof SendError) return cause;
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
    if (tlsTrouble.test(code))
      return new SendError("insecure", "no secure connection", { sent: false, cause: error });
    if (neverSent.has(code))
      return new SendError("unreachable", "no connection", { sent: false, cause: error });
  }
  return new SendError("lost", "no answer", { sent: true, cause: error });
}

interface Speaker {
  label: string;
  readError(reply: VendorReply): { words?: string | undefined; problem?: Problem | undefined };
}

/**
 * A conversation with one vendor. `secrets` are scrubbed from everything it records; `beforeSend` runs right
 * before each request and may throw (a lease that ran out) to keep it from leaving.
 */
export function converse({
  vendor,
  secrets,
  http,
  beforeSend,
}: {
  vendor: Speaker;
  secrets: readonly string[];
  http: Http;
  beforeSend?: (kind: Exchange["kind"]) => Promise<void>;
}): {
  ask(request: VendorRequest): Promise<VendorReply>;
  commit(request: VendorRequest): Promise<VendorReply>;
  exchanges: Exchange[];
} {
  const exchanges: Exchange[] = [];
  const speak = async (kind: Exchange["kind"], request: VendorRequest): Promise<VendorReply> => {
    await beforeSend?.(kind);
    const started = performance.now();
    const exchange: Exchange = {
      at: new Date().toISOString(),
      kind,
      method: request.method,
      url: scrub(request.url, secrets),
      milliseconds: 0,
    };
    if (request.json !== undefined)
      exchange.request = scrub(JSON.stringify(request.json), secrets).slice(0, keptBytes);
    exchanges.push(exchange);
    try {
      const raw = await http(request, kind === "commit");
      exchange.status = raw.status;
      const reply = readReply(raw);
      if (request.expect !== "bytes") exchange.response = scrub(reply.text, secrets).slice(0, keptBytes);
      const error = judge({ kind, request, reply, vendor });
      if (error) throw error;
      return reply;
    } catch (error) {
      const problem = error instanceof SendError ? judgeSilence(kind, error, vendor.label) : error;
      if (problem instanceof VendorError) exchange.problem = problem.problem;
      throw problem;
    } finally {
      exchange.milliseconds = Math.round(performance.now() - started);
    }
  };
  return {
    ask: (request) => speak("ask", request),
    commit: (request) => speak("commit", request),
    exchanges,
  };
}

function readReply(raw: RawReply): VendorReply {
  const text = new TextDecoder().decode(raw.bytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined; // told apart from JSON null, which is a value
  }
  return { ...raw, text, json };
}

function judgeSilence(kind: Exchange["kind"], error: SendError, label: string): VendorError {
  switch (error.kind) {
    case "forbidden":
      return new VendorError(
        "connection",
        `The web address in the ${label} settings may not be used (${error.message}). Correct it on the Vendors page.`,
        { cause: error },
      );
    case "insecure":
      return new VendorError(
        "connection",
        `${label} could not prove who it is: its security certificate is not valid. Check the web address on the Vendors page.`,
        { cause: error },
      );
    case "unreachable":
      return new VendorError("retry", `${label} cannot be reached at the moment.`, { cause: error });
    case "lost":
    case "too big":
      if (kind === "ask")
        return new VendorError("retry", `${label} did not answer in time.`, { lost: true, cause: error });
      return new VendorError("unsure", `${label} did not answer, so it may or may not have the order.`, {
        lost: true,
        cause: error,
      });
  }
}

/**
 * The table: what an answer means, for an ask and for a commit. undefined when it is an answer to trust.
 * A vendor's own reading of a status (`readError`) comes first; never the text of a message.
 */
export function judge({
  kind,
  request,
  reply,
  vendor,
}: {
  kind: Exchange["kind"];
  request: VendorRequest;
  reply: VendorReply;
  vendor: Speaker;
}): VendorError | undefined {
  const { status } = reply;
  if (request.alsoFine?.includes(status)) return undefined;
  const { label } = vendor;
  const read = vendor.readError(reply);
  const words = read.words?.replace(/\s+/g, " ").trim().slice(0, 400);
  const more = { status, retryAfterSeconds: retryAfter(reply.headers["retry-after"]) };
  if (read.problem)
    return new VendorError(read.problem, saidNo(label, words, status), {
      ...more,
      lost: read.problem === "unsure",
    });
  if (status >= 200 && status < 300) {
    if ((request.expect ?? "json") !== "json" || reply.json !== undefined) return undefined;
    return unclear(kind, label, { ...more, lost: true });
  }
  if (status >= 300 && status < 400)
    return new VendorError(
      "connection",
      `${label} sent us to another address. Check the web address on the Vendors page.`,
      more,
    );
  switch (status) {
    case 401:
    case 403:
      return new VendorError(
        "connection",
        `${label} does not accept the key${words ? `: ${words}` : ""}. Enter a valid one on the Vendors page.`,
        more,
      );
    case 429:
      return new VendorError("retry", `${label} asks us to slow down.`, {
        ...more,
        retryAfterSeconds: more.retryAfterSeconds ?? 60,
      });
    case 408:
    case 425:
      return unclear(kind, label, { ...more, lost: true });
    case 409:
      if (kind === "commit") return unclear(kind, label, more);
      break;
  }
  return status >= 500 || status < 200
    ? unclear(kind, label, { ...more, lost: true })
    : new VendorError("rejected", saidNo(label, words, status), more);
}

function saidNo(label: string, words: string | undefined, status: number): string {
  return words
    ? `${label}: ${words}`
    : `${label} refused the request without giving a reason (status ${status}).`;
}

function unclear(
  kind: Exchange["kind"],
  label: string,
  more: { status: number; retryAfterSeconds: number | undefined; lost?: boolean },
): VendorError {
  return kind === "ask"
    ? new VendorError("retry", `${label} has trouble answering at the moment.`, more)
    : new VendorError(
        "unsure",
        `${label} did not give a clear answer, so it may or may not have the order.`,
        more,
      );
}

/** Retry-After as seconds or a date, capped at an hour; nonsense is no answer. */
export function retryAfter(header: string | undefined, now: Date = new Date()): number | undefined {
  if (header === undefined) return undefined;
  // A date begins with a weekday; "-5" would otherwise be read as a year.
  const date = /^[A-Za-z]{3}/.test(header) ? Date.parse(header) : Number.NaN;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (date - now.getTime()) / 1000;
  return Number.isFinite(seconds) ? Math.min(3600, Math.max(1, Math.ceil(seconds))) : undefined;
}

/** Replaces every secret, as it is and as it looks in a URL or in JSON. */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < 4) continue;
    for (const form of new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]))
      clean = clean.replaceAll(form, "•••");
  }
  return clean;
}

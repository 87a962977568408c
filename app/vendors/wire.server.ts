// The wire to vendors: deadline, byte cap, no redirects, no private addresses. It carries bytes and judges nothing but
// whether they left.
import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { Agent, FormData, buildConnector, request as undiciRequest } from "undici";
import { isPrivateAddress } from "./address-guard.ts";
import type { VendorRequest } from "./vendor.ts";

/** How long a request may take that says nothing else, in milliseconds. */
export const defaultDeadlineMs = 20_000;
const maxReplyBytes = 2 * 1024 * 1024;

/** Something that carries one request and brings the bytes back, or throws a SendError. Replaceable, to cut the wire in tests. */
export interface Http {
  (request: VendorRequest, fresh: boolean): Promise<RawReply>;
  /** The same for a harmless request whose answer is too large to hold: its body is read while it comes. */
  stream?(request: VendorRequest): Promise<StreamedReply>;
}

/** What came back, before anybody judged it. */
export interface RawReply {
  status: number;
  headers: Record<string, string>;
  bytes: Uint8Array;
}

/** An answer whose body is still on its way. Reading it throws a SendError when it breaks off or is too big. */
export interface StreamedReply {
  status: number;
  headers: Record<string, string>;
  body: AsyncIterable<Uint8Array>;
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

/**
 * The wire to vendors. `allowedPrivateHosts` ("host:port") are the operator's own exceptions to the rule that
 * a vendor never lives on a private address; only for them is plain http allowed as well.
 */
export function createHttp({
  allowedPrivateHosts,
}: {
  allowedPrivateHosts: readonly string[];
}): Http & Required<Pick<Http, "stream">> & { close(): Promise<void> } {
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
  const http = (request: VendorRequest, isFresh: boolean): Promise<RawReply> =>
    send(request, { dispatcher: isFresh ? fresh : kept, allowed });
  return Object.assign(http, {
    stream: (request: VendorRequest) => sendStreamed(request, { dispatcher: kept, allowed }),
    close: async () => void (await Promise.all([kept.close(), fresh.close()])),
  });
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

interface Way {
  dispatcher: Agent;
  allowed: ReadonlySet<string>;
}

async function send(request: VendorRequest, way: Way): Promise<RawReply> {
  const maxBytes = request.maxBytes ?? maxReplyBytes;
  try {
    const reply = await open(request, way, AbortSignal.timeout(request.deadlineMs ?? defaultDeadlineMs));
    return {
      status: reply.statusCode,
      headers: plainHeaders(reply.headers),
      bytes: await readCapped(reply.body, maxBytes),
    };
  } catch (error) {
    throw asSendError(error);
  }
}

// The deadline is for the next piece, not for the whole: a large file may take its time, but not stand still.
async function sendStreamed(request: VendorRequest, way: Way): Promise<StreamedReply> {
  const impatience = new AbortController();
  const timer = setTimeout(() => impatience.abort(), request.deadlineMs ?? defaultDeadlineMs);
  const maxBytes = request.maxBytes ?? maxReplyBytes;
  try {
    const reply = await open(request, way, impatience.signal);
    const body = readPieces(reply.body, { maxBytes, timer });
    return { status: reply.statusCode, headers: plainHeaders(reply.headers), body };
  } catch (error) {
    clearTimeout(timer);
    throw asSendError(error);
  }
}

async function* readPieces(
  body: AsyncIterable<Uint8Array>,
  { maxBytes, timer }: { maxBytes: number; timer: NodeJS.Timeout },
): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of body) {
      timer.refresh();
      size += chunk.length;
      if (size > maxBytes) throw new SendError("too big", "the answer is too big", { sent: true });
      yield chunk;
    }
  } catch (error) {
    throw asSendError(error);
  } finally {
    clearTimeout(timer);
  }
}

function open(request: VendorRequest, { dispatcher, allowed }: Way, signal: AbortSignal) {
  if (!URL.canParse(request.url)) throw new SendError("forbidden", "not a web address", { sent: false });
  const url = new URL(request.url);
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const isAllowed = allowed.has(`${url.hostname.replace(/^\[|\]$/g, "")}:${port}`);
  if (url.username !== "" || (url.protocol !== "https:" && !(url.protocol === "http:" && isAllowed))) {
    throw new SendError("forbidden", "vendors are reached over https only", { sent: false });
  }
  const { body, contentType } = bodyOf(request);
  return undiciRequest(url, {
    method: request.method,
    dispatcher,
    signal,
    body,
    headers: {
      accept: "application/json",
      "user-agent": "Makerlane/1",
      ...(contentType && { "content-type": contentType }),
      ...request.headers,
    },
  });
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
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

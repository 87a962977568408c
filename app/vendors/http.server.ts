// The one way out to vendors, and the only place that turns HTTP and socket outcomes into a problem. It knows one
// thing: an ask may be repeated, a commit may not.
import { VendorError, type Problem, type VendorReply, type VendorRequest } from "./vendor.ts";
import { defaultDeadlineMs, SendError, type Http, type RawReply } from "./wire.server.ts";

export { createHttp, SendError, type Http, type RawReply } from "./wire.server.ts";

const keptBytes = 4 * 1024;

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

interface Speaker {
  label: string;
  readError(reply: VendorReply): { words?: string | undefined; problem?: Problem | undefined };
}

/**
 * A conversation with one vendor. `secrets` are scrubbed from everything it records; `beforeSend` runs right
 * before each request, with the time it may take, and may throw (a lease that ran out) to keep it from leaving.
 */
export function converse({
  vendor,
  secrets,
  http,
  beforeSend,
  exchanges = [],
}: {
  vendor: Speaker;
  secrets: readonly string[];
  http: Http;
  beforeSend?: (kind: Exchange["kind"], deadlineMs: number) => Promise<void>;
  exchanges?: Exchange[];
}): {
  ask(request: VendorRequest): Promise<VendorReply>;
  commit(request: VendorRequest): Promise<VendorReply>;
  exchanges: Exchange[];
} {
  const speak = async (kind: Exchange["kind"], request: VendorRequest): Promise<VendorReply> => {
    await beforeSend?.(kind, request.deadlineMs ?? defaultDeadlineMs);
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
        `${label} does not accept the key${words ? `: ${words.replace(/[\s.]+$/, "")}` : ""}. Enter a valid one on the Vendors page.`,
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

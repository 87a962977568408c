// Between node:http and a vendor's routes: reads a request's body whole, and writes an answer (or part of one).
import type { IncomingMessage, ServerResponse } from "node:http";

/** No vendor document states a larger upload than MGE's 25 MB; the rest is room for the multipart frame. */
export const bodyCapBytes = 30 * 1024 * 1024;

/** What a route answers. One of `json`, `text`, `bytes`, or none of them for an empty body. */
export interface Reply {
  status: number;
  json?: unknown;
  text?: string;
  bytes?: Buffer;
  type?: string;
  headers?: Record<string, string>;
}

export function json(status: number, body: unknown): Reply {
  return { status, json: body };
}

export function html(status: number, text: string): Reply {
  return { status, text, type: "text/html; charset=utf-8" };
}

/** The page a proxy in front of a vendor shows when the vendor is away. */
export const badGateway = html(
  502,
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
);

/** What the client sent, read. `body` is parsed JSON; `form` a parsed multipart body; neither when unreadable. */
export interface Sent {
  type: string;
  raw: Buffer;
  body?: unknown;
  form?: FormData;
}

const nothing = Buffer.alloc(0);

/** Calls `done` once: with the bytes, or "too-big", or "gone" when the client left before the last byte. */
export function readBytes(request: IncomingMessage, done: (read: Buffer | "too-big" | "gone") => void): void {
  const { "content-length": length, "transfer-encoding": chunked } = request.headers;
  if ((length === undefined && chunked === undefined) || length === "0") {
    request.resume();
    done(nothing);
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  let over = false;
  const finish = (read: Buffer | "too-big" | "gone"): void => {
    if (over) return;
    over = true;
    done(read);
  };
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= bodyCapBytes) chunks.push(chunk);
    else chunks.length = 0;
    if (size > 4 * bodyCapBytes) request.destroy();
  });
  // Refused only at its end: an answer in the middle of an upload is mostly lost in the reset that follows it.
  request.on("end", () => finish(size > bodyCapBytes ? "too-big" : Buffer.concat(chunks)));
  request.on("close", () => finish("gone"));
}

/** Reads JSON at once (no waiting, so effects keep the order of arrival); multipart needs a promise. */
export function understand(type: string, raw: Buffer): Sent | Promise<Sent> {
  if (type.startsWith("multipart/form-data")) {
    return new Response(new Uint8Array(raw), { headers: { "content-type": type } }).formData().then(
      (form) => ({ type, raw, form }),
      () => ({ type, raw }),
    );
  }
  if (raw.length === 0) return { type, raw };
  try {
    return { type, raw, body: JSON.parse(raw.toString("utf8")) as unknown };
  } catch {
    return { type, raw };
  }
}

/** A body as the request log keeps it: JSON as it came, files by name and size only. */
export function describe({ form, body, raw, type }: Sent): unknown {
  if (!form) return body === undefined && raw.length > 0 ? raw.toString("utf8", 0, 2000) : body;
  const fields: [string, unknown][] = [...form].map(([name, value]) => [
    name,
    typeof value === "string" ? value : { file: value.name, type: value.type, bytes: value.size },
  ]);
  return { multipart: type.split(";", 1)[0], fields };
}

function payload(reply: Reply): { bytes: string | Buffer; type: string } {
  if (reply.bytes) return { bytes: reply.bytes, type: reply.type ?? "application/octet-stream" };
  if (reply.text !== undefined) return { bytes: reply.text, type: reply.type ?? "text/plain; charset=utf-8" };
  if (reply.json !== undefined) return { bytes: JSON.stringify(reply.json), type: "application/json" };
  return { bytes: "", type: reply.type ?? "application/json" };
}

/** Sends the whole answer. */
export function send(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  const { bytes, type } = payload(reply);
  const length = Buffer.byteLength(bytes);
  response.writeHead(reply.status, { "content-type": type, "content-length": length, ...reply.headers });
  response.end(bytes);
}

/** Sends the head and half of the body, then cuts the line: the client saw a 2xx and cannot read it. */
export function sendHalf(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  const { bytes, type } = payload(reply);
  const whole = Buffer.from(bytes);
  const promised = Math.max(whole.length, 2);
  response.writeHead(reply.status, { "content-type": type, "content-length": promised, ...reply.headers });
  const half = whole.subarray(0, Math.floor(whole.length / 2));
  response.flushHeaders();
  response.write(half.length > 0 ? half : Buffer.from(" "), () => response.destroy());
}

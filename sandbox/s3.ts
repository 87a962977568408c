// A stand-in for a bucket that speaks S3, path style, on loopback: what is stored lies in memory, and a request that
// Amazon would refuse is refused (docs.aws.amazon.com, S3 API Reference and Signature Version 4, read 2026-11-22).
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { crc32 } from "node:zlib";
import { close, listen } from "./shopify/listen.ts";

/** The one bucket and who may use it. */
export interface BucketOptions {
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** How many names a list says before it gives a token for the rest; Amazon says 1000. */
  pageSize?: number;
}

/** What lies under a key. */
export interface StoredObject {
  bytes: Buffer;
  contentType: string;
  changedAt: Date;
}

/** A bucket that is running. */
export interface LocalBucket {
  url: string;
  objects: Map<string, StoredObject>;
  /** "PUT a/b.jpg 200", in the order they came. */
  requests: string[];
  stop(): Promise<void>;
}

/** Starts a bucket on a free port of 127.0.0.1. */
export async function startBucket(options: BucketOptions): Promise<LocalBucket> {
  const objects = new Map<string, StoredObject>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void readAll(request).then((raw) => {
      const asked = readAsked(request, raw);
      const reply = answer({ options, objects }, asked);
      requests.push(`${asked.method} ${asked.key || asked.url.search} ${reply.status}`);
      write(response, asked, reply);
    });
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, objects, requests, stop: () => close(server) };
}

interface Asked {
  method: string;
  url: URL;
  /** As it stands on the wire, because that is what was signed. */
  path: string;
  headers: IncomingMessage["headers"];
  raw: Buffer;
  bucket: string;
  key: string;
}

interface Reply {
  status: number;
  body?: Buffer | string;
  headers?: Record<string, string>;
}

interface Bucket {
  options: BucketOptions;
  objects: Map<string, StoredObject>;
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function readAsked(request: IncomingMessage, raw: Buffer): Asked {
  // Not by URL alone: it would take "..", which is a key like any other, out of the path.
  const [path = "/"] = (request.url ?? "/").split("?");
  const [, bucket = "", ...rest] = path.split("/");
  const url = new URL(request.url ?? "/", "http://bucket.local");
  const { method = "GET", headers } = request;
  return { method, url, path, headers, raw, bucket, key: decodeURIComponent(rest.join("/")) };
}

function refuse(status: number, code: string, message: string): Reply {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escape(message)}</Message><RequestId>LOCAL</RequestId></Error>`;
  return { status, body, headers: { "content-type": "application/xml" } };
}

function write(response: ServerResponse, asked: Asked, { status, body = "", headers = {} }: Reply): void {
  response.writeHead(status, {
    "content-length": status === 204 ? 0 : Buffer.byteLength(body),
    "x-amz-request-id": "LOCAL",
    ...headers,
  });
  response.end(asked.method === "HEAD" ? undefined : body);
}

function answer({ options, objects }: Bucket, asked: Asked): Reply {
  const unsigned = checkSignature(options, asked);
  if (unsigned) return unsigned;
  if (asked.bucket !== options.bucket)
    return refuse(404, "NoSuchBucket", "The specified bucket does not exist");
  // A bucket made since April 2023 takes no lists of its own for single objects.
  if (asked.headers["x-amz-acl"] !== undefined)
    return refuse(400, "AccessControlListNotSupported", "The bucket does not allow ACLs");
  if (asked.key === "") {
    if (asked.method !== "GET" || asked.url.searchParams.get("list-type") !== "2")
      return refuse(501, "NotImplemented", "Only ListObjectsV2 is implemented for the bucket itself");
    return list({ options, objects }, asked.url.searchParams);
  }
  const found = objects.get(asked.key);
  switch (asked.method) {
    case "PUT":
      return put(objects, asked);
    case "GET":
    case "HEAD":
      return found ? object(found) : refuse(404, "NoSuchKey", "The specified key does not exist.");
    case "DELETE":
      objects.delete(asked.key);
      return { status: 204 };
    default:
      return refuse(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
  }
}

const sha256 = (data: Buffer | string): string => createHash("sha256").update(data).digest("hex");
const etagOf = (bytes: Buffer): string => `"${createHash("md5").update(bytes).digest("hex")}"`;

function object({ bytes, contentType, changedAt }: StoredObject): Reply {
  return {
    status: 200,
    body: bytes,
    headers: {
      "content-type": contentType,
      etag: etagOf(bytes),
      "last-modified": changedAt.toUTCString(),
      "accept-ranges": "bytes",
    },
  };
}

function put(objects: Bucket["objects"], { headers, raw, key }: Asked): Reply {
  if (headers["content-length"] === undefined && headers["x-amz-decoded-content-length"] === undefined)
    return refuse(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
  const read = readBody(headers, raw);
  if ("status" in read) return read;
  const { bytes, sums } = read;
  const [crc] = sums;
  if (crc !== undefined && crc !== crcOf(bytes))
    return refuse(400, "BadDigest", "The CRC32 you specified did not match the calculated checksum.");
  const contentType = headers["content-type"] ?? "binary/octet-stream";
  objects.set(key, { bytes, contentType, changedAt: new Date() });
  return { status: 200, headers: { etag: etagOf(bytes) } };
}

function crcOf(bytes: Buffer): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString("base64");
}

/** The body itself, out of its chunks if it came in some; `sums` holds its CRC32 when one was sent. */
function readBody(headers: Asked["headers"], raw: Buffer): { bytes: Buffer; sums: string[] } | Reply {
  const given = headers["x-amz-checksum-crc32"];
  const sums = typeof given === "string" ? [given] : [];
  const claimed = headers["x-amz-content-sha256"];
  if (typeof claimed !== "string" || !claimed.startsWith("STREAMING-")) {
    if (claimed !== "UNSIGNED-PAYLOAD" && claimed !== sha256(raw))
      return refuse(400, "XAmzContentSHA256Mismatch", "The provided header does not match what was computed");
    return { bytes: raw, sums };
  }
  const incomplete = refuse(400, "IncompleteBody", "The request body terminated unexpectedly");
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = raw.indexOf("\r\n", at);
    const size = Number.parseInt(raw.subarray(at, end).toString("latin1"), 16);
    if (end < 0 || Number.isNaN(size) || end + 2 + size > raw.length) return incomplete;
    at = end + 2;
    if (size === 0) break;
    parts.push(raw.subarray(at, at + size));
    at += size + 2;
  }
  const trailer = /^x-amz-checksum-crc32:(\S+)/m.exec(raw.subarray(at).toString("latin1"));
  const bytes = Buffer.concat(parts);
  if (Number(headers["x-amz-decoded-content-length"]) !== bytes.length) return incomplete;
  return { bytes, sums: trailer?.[1] === undefined ? sums : [trailer[1]] };
}

function list({ options, objects }: Bucket, query: URLSearchParams): Reply {
  const prefix = query.get("prefix") ?? "";
  const after = Buffer.from(query.get("continuation-token") ?? "", "base64").toString();
  const names = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const page = names.slice(0, options.pageSize ?? 1000);
  const isCut = page.length < names.length;
  const entries = page.map((key) => {
    const { bytes, changedAt } = objects.get(key) ?? { bytes: Buffer.alloc(0), changedAt: new Date(0) };
    return `<Contents><Key>${escape(key)}</Key><LastModified>${changedAt.toISOString()}</LastModified><ETag>${escape(etagOf(bytes))}</ETag><Size>${bytes.length}</Size></Contents>`;
  });
  const token = Buffer.from(page.at(-1) ?? "").toString("base64");
  const next = isCut ? `<NextContinuationToken>${token}</NextContinuationToken>` : "";
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult><Name>${options.bucket}</Name><Prefix>${escape(prefix)}</Prefix><KeyCount>${page.length}</KeyCount><IsTruncated>${isCut}</IsTruncated>${next}${entries.join("")}</ListBucketResult>`;
  return { status: 200, body, headers: { "content-type": "application/xml" } };
}

const escape = (text: string): string =>
  text.replace(
    /[&<>"]/g,
    (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char] ?? char,
  );

const authorization =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/;

// The signature is computed anew from what came over the wire; a header that is there and unsigned may have been
// put in by anybody, so those that decide something must be among the signed ones.
function checkSignature(options: BucketOptions, asked: Asked): Reply | undefined {
  const denied = (why: string): Reply => refuse(403, "AccessDenied", why);
  const read = authorization.exec(asked.headers.authorization ?? "");
  const [, id = "", day = "", region = "", names = "", signature = ""] = read ?? [];
  if (!read) return denied("No AWS Signature Version 4 in the Authorization header");
  if (id !== options.accessKeyId) return refuse(403, "InvalidAccessKeyId", "The access key does not exist");
  if (region !== options.region)
    return refuse(400, "AuthorizationHeaderMalformed", `the region '${region}' is wrong`);
  const signed = names.split(";");
  for (const name of ["host", "x-amz-content-sha256", "x-amz-date"])
    if (!signed.includes(name)) return denied(`${name} is not signed`);
  const date = String(asked.headers["x-amz-date"]);
  if (!date.startsWith(day)) return denied("the day signed for is another");
  const right = Buffer.from(signatureOf(options, { asked, signed, date }));
  return timingSafeEqual(right, Buffer.from(signature))
    ? undefined
    : refuse(403, "SignatureDoesNotMatch", "The request signature does not match the one you provided.");
}

function signatureOf(
  { secretAccessKey, region }: BucketOptions,
  { asked, signed, date }: { asked: Asked; signed: string[]; date: string },
): string {
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const query = [...asked.url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const canonical = [
    asked.method,
    asked.path,
    query.join("&"),
    ...signed.map((name) => `${name}:${String(asked.headers[name] ?? "").trim()}`),
    "",
    signed.join(";"),
    String(asked.headers["x-amz-content-sha256"]),
  ].join("\n");
  const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`;
  const hmac = (key: Buffer | string, text: string): Buffer =>
    createHmac("sha256", key).update(text).digest();
  const key = ["s3", "aws4_request"].reduce<Buffer>(
    (last, word) => hmac(last, word),
    hmac(hmac(`AWS4${secretAccessKey}`, date.slice(0, 8)), region),
  );
  return hmac(key, ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n")).toString("hex");
}

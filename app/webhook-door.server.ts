// The webhook door: what Shopify posts → signature checked on the raw bytes → a sealed row → 200.
//
// Plain node, in front of express and Remix: on one machine, with 7 KB bodies and 50 connections, Remix's route and
// `authenticate.webhook` answered 340-470 a second without storing anything, and one INSERT each let PostgreSQL
// answer 1,800; this way it was 3,000-4,280, each of them durable (measured 2026-11-22).
import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Pool } from "pg";
import { seal } from "./crypto.server.ts";
import { log } from "./log.server.ts";
import { createGroupInsert } from "./webhook-insert.server.ts";
import type { Delivery } from "./webhook-statement.ts";

/** What the door needs. `secrets`: Shopify signs with the oldest one not yet revoked, so the previous one counts. */
export interface DoorOptions {
  /** A pool that nothing else uses, so that no page can keep Shopify waiting. */
  db: Pool;
  secrets: string[];
  /** Called after rows are committed. */
  wake: () => void;
  /** Largest body taken, in bytes. */
  maxBytes?: number;
  /** How long a sender may take for its body, in milliseconds. */
  readMs?: number;
  /** How long the database may take before the answer is 503, in milliseconds. Shopify itself waits 5 seconds. */
  storeMs?: number;
}

/** A handler for node's http server. */
export type Door = (request: IncomingMessage, response: ServerResponse) => void;

/** Bodies that are being read or stored take at most this much memory together; more are asked to come again. */
const maxHeldBytes = 128 * 1024 * 1024;

/** Makes the door for `POST /webhooks/*`. */
export function createWebhookDoor(options: DoorOptions): Door {
  const { maxBytes = 4 * 1024 * 1024, readMs = 10_000, storeMs = 2_400 } = options;
  const secrets = options.secrets.map((secret) => createSecretKey(Buffer.from(secret)));
  const insert = createGroupInsert({ db: options.db, wake: options.wake, storeMs });
  const refused = countRefusals();
  let heldBytes = 0;

  return (request, response) => {
    if (request.method !== "POST") return answer(response, 405);
    const { headers } = request;
    const announced = Number(headers["content-length"] ?? 0);
    if (announced > maxBytes) return turnAway(request, response, 413);
    const delivery = readHeaders(headers);
    if (!delivery) return turnAway(request, response, 400);
    if (heldBytes > maxHeldBytes) return turnAway(request, response, 503);

    const chunks: Buffer[] = [];
    let size = 0;
    let late: NodeJS.Timeout | undefined;
    const release = (): void => {
      clearTimeout(late);
      request.off("data", take);
      request.off("end", finish);
      request.off("close", forget);
    };
    const forget = (): void => {
      heldBytes -= size;
      release();
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      heldBytes += chunk.length;
      if (size > maxBytes) {
        forget();
        chunks.length = 0;
        return turnAway(request, response, 413);
      }
      chunks.push(chunk);
      // Most bodies come in one piece; only the others need watching.
      if (size !== announced)
        late ??= setTimeout(() => {
          forget();
          request.destroy();
        }, readMs);
    };
    const finish = (): void => {
      release();
      const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      if (!isSigned(body, delivery.signature, secrets)) {
        heldBytes -= size;
        refused();
        return answer(response, 401);
      }
      const held = size;
      insert(toRow(delivery, body), (stored) => {
        heldBytes -= held;
        answer(response, stored ? 200 : 503);
      });
    };
    request.on("data", take);
    request.on("end", finish);
    request.on("close", forget);
  };
}

interface DeliveryHeaders extends Omit<Delivery, "body"> {
  signature: string;
}

// The longest text that may stand in the inbox's unique index; a longer one would make every insert with it fail.
const maxHeader = 255;

function readHeaders(headers: IncomingMessage["headers"]): DeliveryHeaders | undefined {
  const shop = headers["x-shopify-shop-domain"];
  const topic = headers["x-shopify-topic"];
  const webhookId = headers["x-shopify-webhook-id"];
  const triggeredAt = headers["x-shopify-triggered-at"];
  if (!isShort(shop) || !isShort(topic) || !isShort(webhookId)) return undefined;
  const signature = headers["x-shopify-hmac-sha256"];
  return {
    shop,
    topic,
    webhookId,
    triggeredAt: isShort(triggeredAt) ? triggeredAt : null,
    signature: typeof signature === "string" ? signature : "",
  };
}

function isShort(value: string | string[] | undefined): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= maxHeader;
}

// Compared as the text Shopify sends, because a base64 reader forgives what was added behind the padding.
function isSigned(body: Buffer, signature: string, secrets: KeyObject[]): boolean {
  const given = Buffer.from(signature, "latin1");
  for (const secret of secrets) {
    const right = Buffer.from(createHmac("sha256", secret).update(body).digest("base64"), "latin1");
    if (given.length === right.length && timingSafeEqual(given, right)) return true;
  }
  return false;
}

// Made small: that costs this process 20 µs for 7 KB and saves PostgreSQL 25, two thirds of its log and three quarters of
// the disk; 11,800 instead of 10,000 acknowledgements a second (measured 2026-11-29). A huge body would hold up the others
// meanwhile (4 MB: 50 ms) and stays as it is.
const maxDeflated = 64 * 1024;

function toRow({ shop, topic, webhookId, triggeredAt }: DeliveryHeaders, body: Buffer): Delivery {
  const place = { table: "WebhookEvent", column: "body", shop, row: `${topic}/${webhookId}` };
  return {
    shop,
    topic,
    webhookId,
    triggeredAt,
    body: seal(body, place, { deflate: body.length <= maxDeflated }),
  };
}

const noBody = { "content-length": "0" };

function answer(response: ServerResponse, status: number): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, noBody).end();
}

// Answers before the body was read, and ends the connection. Closing at once would reset it, and the sender would
// see a broken pipe instead of the answer; so what still comes is thrown away for a moment first.
function turnAway(request: IncomingMessage, response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-length": "0", connection: "close" });
  response.flushHeaders();
  const close = (): void => {
    clearTimeout(patience);
    response.end();
    request.destroy();
  };
  const patience = setTimeout(close, 1_000);
  request.once("end", close);
  request.once("close", () => clearTimeout(patience));
  request.resume();
}

// One line for many: somebody who floods the door with bad signatures must not flood the log too.
function countRefusals(): () => void {
  let count = 0;
  return () => {
    if (count++ > 0) return;
    setTimeout(() => {
      log.warn({ count }, "webhook.bad_signature");
      count = 0;
    }, 10_000).unref();
  };
}

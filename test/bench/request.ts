// A webhook as Shopify sends it, as bytes that are made once; what differs from request to request is written over.
import { createHmac, randomUUID } from "node:crypto";

/** What a webhook says of itself. */
export interface Webhook {
  port: number;
  path: string;
  shop: string;
  topic: string;
  secret: string;
  body: string;
}

/** The bytes of one request, really signed, and a way to give them another webhook id. */
export interface RequestBytes {
  bytes: Buffer;
  /** Writes a new random id into the bytes. The signature stays right: it covers the body only. */
  renew(): void;
}

/** Makes a request's bytes. */
export function requestBytes({ port, path, shop, topic, secret, body }: Webhook): RequestBytes {
  const signature = createHmac("sha256", secret).update(body).digest("base64");
  const content = Buffer.from(body);
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "User-Agent: Shopify-Captain-Hook",
    "Accept: */*",
    "Content-Type: application/json",
    `Content-Length: ${content.length}`,
    `X-Shopify-Topic: ${topic}`,
    `X-Shopify-Hmac-Sha256: ${signature}`,
    `X-Shopify-Shop-Domain: ${shop}`,
    "X-Shopify-API-Version: 2026-10",
    `X-Shopify-Triggered-At: ${new Date().toISOString()}`,
    `X-Shopify-Event-Id: ${randomUUID()}`,
    `X-Shopify-Webhook-Id: ${randomUUID()}`,
    "\r\n",
  ].join("\r\n");
  const bytes = Buffer.concat([Buffer.from(head), content]);
  const at = head.indexOf("X-Shopify-Webhook-Id: ") + "X-Shopify-Webhook-Id: ".length;
  return { bytes, renew: () => void bytes.write(randomUUID(), at, "latin1") };
}

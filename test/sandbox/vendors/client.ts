// What the stand-in tests share: a small client over global fetch, and orders every vendor accepts.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { StandIn } from "#sandbox/vendors/stand-in.ts";

export interface Answer {
  status: number;
  type: string;
  headers: Headers;
  text: string;
  /** Parsed when it is JSON. */
  body: unknown;
}

/** Sends JSON, a form, or nothing, with the key given. */
export function clientOf(standIn: StandIn, key: string | undefined) {
  return async (method: string, path: string, body?: unknown, init: RequestInit = {}): Promise<Answer> => {
    const headers: Record<string, string> = {};
    if (key !== undefined) headers["authorization"] = `Bearer ${key}`;
    if (body !== undefined && !(body instanceof FormData)) headers["content-type"] = "application/json";
    const sent = body instanceof FormData ? body : body === undefined ? null : JSON.stringify(body);
    const answer = await fetch(standIn.url + path, { method, headers, body: sent, ...init });
    const text = await answer.text();
    const type = answer.headers.get("content-type") ?? "";
    const parsed: unknown = type.startsWith("application/json") && text !== "" ? JSON.parse(text) : undefined;
    return { status: answer.status, type, headers: answer.headers, text, body: parsed };
  };
}

/** Lets the event loop turn until something is true; the test's own time limit ends a wait in vain. */
export async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await nextTurn();
}

/** What lies at a path into an answer, for short assertions. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let inner = value;
  for (const key of path) inner = (inner as Record<string | number, unknown> | undefined)?.[key];
  return inner;
}

export const dotShipping = {
  name: "Ana Tan",
  email: "a@example.com",
  phone: "+6581234567",
  street: "1 Main St, #04-12",
  city: "Singapore",
  zip: "018956",
  country: "SG",
};
export const dotLine = {
  sku: "DOT/VF/40X50/W/BLACK/STD",
  quantity: 1,
  asset_url: "https://cdn.example.com/customer-photo.jpg",
};
export const dotOrder = { brand_id: 116, line_items: [dotLine], shipping: dotShipping };

/** A picture of one pixel. */
export function onePixel(): File {
  const base64 =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  return new File([Buffer.from(base64, "base64")], "photo.png", { type: "image/png" });
}

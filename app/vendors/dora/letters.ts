// The two forms by which Dora is written to: a request for a customised product, and a message. Each sends an e-mail, so
// it leaves once. Source: Dora API v2, 'Submit Product Request' and 'Submit Contact Form', read 2026-11-22.
import { z } from "zod";
import { refuse, VendorError, type Asking } from "../vendor.ts";
import { request, type Call } from "./request.ts";
import type { Settings } from "./settings.ts";
import { errorWords } from "./status.ts";

const required = z.string().trim().min(1);
// "Alphanumeric characters and spaces only", "alphabetic …", "numeric characters only".
const lettersAndDigits = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N} ]+$/u, "The street may have letters, digits and spaces only, and must not be empty.");
const letters = (what: string) =>
  z
    .string()
    .trim()
    .regex(/^[\p{L} ]+$/u, `The ${what} may have letters and spaces only, and must not be empty.`);

/** The address of a product request; the rules are the document's. */
export const addressSchema = z.strictObject({
  streetname: lettersAndDigits,
  city: letters("city"),
  country: letters("country"),
  zipcode: z.string().trim().regex(/^\d+$/, "The postcode may have digits only, and must not be empty."),
});

/** A request for a customised product. The document names no unit of width and height. Without `address`: the dealer's. */
export interface ProductRequest {
  name: string;
  width: number;
  height: number;
  store_name?: string | undefined;
  address?: z.infer<typeof addressSchema> | undefined;
  notes?: string | undefined;
  logo?: { filename: string; contentType: string; bytes: Uint8Array } | undefined;
}

/** POST /product/request, as a form with the logo beside it. The merchant has accepted the terms. */
export async function requestProduct(
  asked: ProductRequest,
  settings: Settings,
  asking: Asking,
): Promise<void> {
  const { name, width, height, store_name, address, notes, logo } = asked;
  const fields: [string, string][] = [
    ["name", name],
    ["width", String(width)],
    ["height", String(height)],
    ...(store_name ? ([["store_name", store_name]] satisfies [string, string][]) : []),
    ["same_address", String(address === undefined)],
    ...Object.entries(address ?? {}),
    ...(notes ? ([["notes", notes]] satisfies [string, string][]) : []),
    ["terms", "true"],
  ];
  const call: Call = {
    method: "POST",
    path: "/product/request",
    form: { fields, files: logo ? [{ name: "logo", ...logo }] : [] },
    expect: "anything",
    deadlineMs: 60_000,
  };
  await send(call, settings, asking);
}

/** A message to Dora. */
export const messageSchema = z.strictObject({
  name: required,
  email: z
    .string()
    .trim()
    .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "The e-mail address does not look like one."),
  comment: required,
});
export type Message = z.infer<typeof messageSchema>;

/** POST /contact/submit. */
export async function sendMessage(message: Message, settings: Settings, asking: Asking): Promise<void> {
  const call: Call = { method: "POST", path: "/contact/submit", json: message, expect: "anything" };
  await send(call, settings, asking);
}

// The two sentences behind the status "Email Send Failure" of the document. The status alone does not tell it from a
// server that broke down after the e-mail had left, so the words are part of the answer here.
const notSent = /^Failed to send (?:message|request)\b/;

async function send(call: Call, settings: Settings, asking: Asking): Promise<void> {
  const reply = await asking.ask(request({ ...call, alsoFine: [500] }, settings, asking.token));
  if (reply.status !== 500) return;
  const words = errorWords(reply)?.replace(/\s+/g, " ").trim().slice(0, 400) ?? "";
  if (notSent.test(words)) refuse(`Dora: ${words}`);
  throw new VendorError("retry", "Dora has trouble answering at the moment.", { status: 500, lost: true });
}

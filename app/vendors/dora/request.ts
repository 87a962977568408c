// How a call to Dora is addressed and signed, and how its answer is read: what every client file shares.
import type { z } from "zod";
import { VendorError, type Asking, type VendorReply, type VendorRequest } from "../vendor.ts";
import type { Settings } from "./settings.ts";
import { errorWords, unreadable } from "./status.ts";

/** A call by its path, e.g. "/cart". */
export type Call = Omit<VendorRequest, "url" | "headers"> & { path: string };

/** Every call but the login carries the token; a trailing slash of the setting must not double. */
export function request({ path, ...call }: Call, settings: Settings, token: string): VendorRequest {
  return {
    ...call,
    url: settings.baseUrl.replace(/\/+$/, "") + path,
    ...(token !== "" && { headers: { authorization: `Bearer ${token}` } }),
  };
}

/** The answer in the shape that is read; throws VendorError `retry` for one that is none. `what` is for its sentence. */
export function read<T>(schema: z.ZodType<T>, reply: VendorReply, what: string): T {
  const parsed = schema.safeParse(reply.json);
  if (!parsed.success) throw unreadable(what);
  return parsed.data;
}

/** Asks for something that may not be there: undefined for a 404 in Dora's own shape, e.g. "No items found". */
export async function askForSome(
  call: Call,
  settings: Settings,
  asking: Asking,
): Promise<VendorReply | undefined> {
  const reply = await asking.ask(request({ ...call, alsoFine: [404] }, settings, asking.token));
  if (reply.status !== 404) return reply;
  if (errorWords(reply) === undefined) throw notDora();
  return undefined;
}

/** For a refusal that is not in Dora's words: a proxy or another site answers at this address. */
export function notDora(): VendorError {
  return new VendorError(
    "connection",
    "What answers at the web address of the Dora settings is not Dora. Correct the address on the Vendors page.",
    { status: 404 },
  );
}

// How every request to MGE is addressed and signed, and what lists and missing paths look like there.
import { z } from "zod";
import { VendorError, type Asking, type VendorReply, type VendorRequest } from "../vendor.ts";
import type { Settings } from "./settings.ts";

/** Who speaks: an account's settings and its harmless conversation. */
export interface Talk {
  settings: Settings;
  asking: Asking;
}

/** What MGE answers about a draft, preview or order that is not there, often as an HTML page. */
export type Gone = "gone";

/** A request by its path, with its whole address and the key ("Authorization: Bearer", as partners of MGE send it). */
export function request(
  settings: Settings,
  { path, ...rest }: Omit<VendorRequest, "url"> & { path: string },
): VendorRequest {
  const url = settings.baseUrl.replace(/\/+$/, "") + path;
  return { ...rest, url, headers: { authorization: `Bearer ${settings.apiKey}`, ...rest.headers } };
}

/** Throws `connection` for a whole path that is not there: a wrong web address. A JSON 404 is MGE speaking. */
export function needsApi(reply: VendorReply): void {
  if (reply.status === 404 && reply.json === undefined)
    throw new VendorError(
      "connection",
      "There is no MGE API at this web address. Correct it on the Vendors page.",
      { status: 404 },
    );
}

/** The readable rows of a list. MGE shows no list's shape: a bare list, or Django's pages with `results`. */
export function rowsOf<Row>(json: unknown, row: z.ZodType<Row>): Row[] {
  const list = Array.isArray(json)
    ? json
    : z.looseObject({ results: z.array(z.unknown()) }).safeParse(json).data?.results;
  if (!list) throw new VendorError("retry", "MGE DOT's answer could not be read.");
  return list.flatMap((each) => row.safeParse(each).data ?? []);
}

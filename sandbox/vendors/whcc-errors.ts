// WHCC's errors: business errors come with HTTP 200 and a number in the body; the Editor API also uses statuses.
// Source: WHCC Order Submit API, "Errors", read 2026-11-22.
import { json, type Reply } from "./stand-in.ts";
import type { Trouble } from "./strict.ts";

const notAuthorized = "You are not authorized to access the resource you requested";

/** The table of the document, word for word. */
export const errorWords = {
  "400.01": "Image hash value doesn't match, order canceled",
  "400.02": "Image is missing on consumer site",
  "400.03": "Error copying files from consumer",
  "400.04": "Invalid Callback URI",
  "400.05": "Unable to post a unique verification code to provided URI",
  "400.06": "PDF's actual number of pages is different than number declared in the entry",
  "400.07": "The number of pages in your book is outside of required limits",
  "400.08": "Not valid PDF image size",
  "403": notAuthorized,
  "403.01": `${notAuthorized}: Expired or incorrect access token`,
  "403.02": `${notAuthorized}: Incorrect consumer key or secret`,
  "403.03": `${notAuthorized}: Expired or incorrect consumer key`,
  "403.04": `${notAuthorized}: Incorrect consumer secret`,
  "403.05": `${notAuthorized}: Incorrect grant_type`,
  "412.01": "Incorrect Order Import XML",
  "412.02": "Invalid Business Rules",
  "412.03": "Invalid Confirmation Id",
  "412.04": "This entry already submitted",
  "412.05": "Not supported version",
  "412.06": "Invalid email",
} as const;
export type ErrorNumber = keyof typeof errorWords;

/** HTTP 200 with an ErrorNumber: seen in recorded traffic for every error of the Order Submit API, its login too. */
export function failure(number: ErrorNumber, detail?: string): Reply {
  return json(200, body(number, detail));
}

/** The Editor API's refusal of a token or an account; no document says more, so both status and number speak. */
export function unauthorized(number: ErrorNumber, detail?: string): Reply {
  return json(number === "403" ? 403 : 401, body(number, detail));
}

/** The Editor API's other errors. Their shape is in no document: only the status can be relied on. */
export function editorError(status: number, message: string): Reply {
  return json(status, { message });
}

/** The first thing wrong with a body, as a sentence. */
export function sentenceOf(troubles: Trouble[]): string {
  const [first] = troubles;
  if (!first) return "The body cannot be read.";
  return `${first.path.join(".") || "body"}: ${first.text}`;
}

function body(number: ErrorNumber, detail: string | undefined) {
  const words = errorWords[number];
  return { ErrorNumber: number, Message: detail === undefined ? words : `${words}: ${detail}` };
}

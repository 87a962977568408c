// What can go wrong between us and Shopify, by what to do next.

/**
 * - `retry`: surely not carried out; again later.
 * - `unsure`: sent, and no trustworthy answer; look before doing it again.
 * - `rejected`: Shopify refuses exactly this; a person must look.
 * - `reconnect`: Shopify no longer takes our token; the merchant must open the app once.
 * - `gone`: the shop is closed or does not have the app.
 */
export type ShopifyProblem = "retry" | "unsure" | "rejected" | "reconnect" | "gone";

interface Circumstances {
  problem: ShopifyProblem;
  /** When asking again makes sense. */
  retryAfterSeconds?: number | undefined;
  /** Shopify's own words for every part it refused. */
  userErrors?: UserError[] | undefined;
  cause?: unknown;
}

/** One refusal in Shopify's words. */
export interface UserError {
  field: string;
  message: string;
}

/** Anything but an answer. The message is a sentence for the merchant and holds nothing secret. */
export class ShopifyError extends Error {
  readonly problem: ShopifyProblem;
  readonly retryAfterSeconds: number | undefined;
  readonly userErrors: readonly UserError[];

  constructor(sentence: string, { problem, retryAfterSeconds, userErrors = [], cause }: Circumstances) {
    super(sentence, { cause });
    this.name = "ShopifyError";
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
    this.userErrors = userErrors;
  }

  /** True when the request may have been carried out although nothing trustworthy came back. */
  get lost(): boolean {
    return this.problem === "unsure";
  }
}

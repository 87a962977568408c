// The only error a vendor folder throws, and what each kind of it means for what happens next.

/**
 * What to do after a failed conversation; the one thing an error must say.
 * - `retry`: surely without effect (never sent, 429, or a harmless request); do it again later
 * - `unsure`: sent, no answer to trust; probe before anything else
 * - `rejected`: the vendor (or our own check of its rules) refuses this order; hold it, show the words
 * - `connection`: key revoked, wrong address, no permission; pause the connection, its orders wait
 */
export type Problem = "retry" | "unsure" | "rejected" | "connection";

/** The only error a vendor folder throws. `message` is the sentence the merchant reads: short, no secrets. */
export class VendorError extends Error {
  readonly problem: Problem;
  readonly retryAfterSeconds: number | undefined;
  /** The HTTP status that led here, when there was an answer. */
  readonly status: number | undefined;
  /** True when a request left and no answer to trust came back, also for a harmless one. */
  readonly lost: boolean;
  /**
   * What must happen before it can go, where that is more than "correct it": a photo from the shopper, or the
   * merchant's look at another picture than the shopper saw.
   */
  readonly needs: "photo" | "approval" | undefined;
  /** Set when the vendor account itself is in a state nobody can explain: no other order may use it. */
  readonly quarantine: string | undefined;

  constructor(
    problem: Problem,
    sentence: string,
    more: {
      retryAfterSeconds?: number | undefined;
      status?: number | undefined;
      lost?: boolean;
      needs?: "photo" | "approval" | undefined;
      quarantine?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(sentence, { cause: more.cause });
    this.name = "VendorError";
    this.problem = problem;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.status = more.status;
    this.lost = more.lost ?? false;
    this.needs = more.needs;
    this.quarantine = more.quarantine;
  }
}

/** Shorthand for a refusal by our own reading of the vendor's rules: "MGE DOT needs a phone number. …". */
export function refuse(sentence: string): never {
  throw new VendorError("rejected", sentence);
}

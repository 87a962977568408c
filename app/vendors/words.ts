// The words of a conversation with a vendor: what may be asked, what is remembered, the one request that buys.

/** One file part of a multipart request. */
export interface FilePart {
  name: string;
  filename: string;
  contentType: string;
  bytes: Uint8Array;
}

/** A request to a vendor. `url` is absolute; the body is at most one of json and form. */
export interface VendorRequest {
  method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  headers?: Record<string, string>;
  /** Sent as application/json. */
  json?: unknown;
  /** Sent as multipart/form-data: text fields, then files. */
  form?: { fields: readonly (readonly [string, string])[]; files?: readonly FilePart[] };
  /** What a 2xx must carry to be an answer: JSON (the default), nothing in particular, or bytes up to `maxBytes`. */
  expect?: "json" | "anything" | "bytes";
  maxBytes?: number;
  /**
   * Statuses beyond 2xx that are an answer and not an error, e.g. 404 for "not there yet". A commit lists no 4xx here:
   * the engine learns that it was clearly refused, and had no effect, only from the VendorError.
   */
  alsoFine?: readonly number[];
  deadlineMs?: number;
}

/** An answer. `json` is parsed when the body is JSON; header names are lower case. */
export interface VendorReply {
  status: number;
  headers: Record<string, string>;
  json: unknown;
  text: string;
  bytes: Uint8Array;
}

/** What a vendor wrote down for a later look-up: small, JSON, no secrets. */
export type Notes = Record<string, string | number | boolean | null>;

/** A stored picture of a shopper, for vendors that take the file itself. */
export interface ArtworkFile {
  filename: string;
  contentType: string;
  bytes: Uint8Array;
}

/** Harmless conversation: what may be said twice. Used for tests, pick-lists, tracking and probes. */
export interface Asking {
  /** A harmless request; doing it twice costs nothing. Throws VendorError. */
  ask(request: VendorRequest): Promise<VendorReply>;
  /** The session token that `login` brought, for vendors that have one; else "". */
  readonly token: string;
  /** The time as an argument. */
  readonly now: Date;
}

/** The four words of a submission (ask, remember, notes, commit): the whole safety story. */
export interface Calls extends Asking {
  /** What earlier tries remembered, so that this one continues instead of starting over. */
  readonly notes: Readonly<Notes>;
  /** Adds to the notes; durable before it returns. */
  remember(notes: Notes): Promise<void>;
  /** The one request that buys; at most one a submit. The row says so, committed, before it leaves. */
  commit(request: VendorRequest): Promise<VendorReply>;
  /** Our own reference for this order at this vendor, e.g. "M-1001-a". */
  readonly reference: string;
  /** The bytes of a stored picture. Throws VendorError `rejected` when it is gone. */
  artwork(id: string): Promise<ArtworkFile>;
}

/** What a probe is given besides: how long ago the buying request left. */
export interface ProbeCalls extends Asking {
  readonly notes: Readonly<Notes>;
  readonly reference: string;
  readonly secondsSinceCommit: number;
}

// The four words of a submission kept in memory, so that a vendor's conversation can be tested over real
// HTTP without a database: what `remember` keeps is on the object, and a second try continues from it.
import { converse, type Http } from "#app/vendors/http.server.ts";
import { secretsOf } from "#app/vendors/fields.ts";
import {
  VendorError,
  type ArtworkFile,
  type Calls,
  type Notes,
  type ProbeCalls,
  type Vendor,
} from "#app/vendors/vendor.ts";

/** What a try at a vendor starts from; all but the first three have a quiet default. */
export interface MemoryCallsInput {
  vendor: Vendor;
  settings: Record<string, unknown>;
  /** `createHttp({ allowedPrivateHosts: ["127.0.0.1:4711"] })` for a stand-in on loopback, by its host and port. */
  http: Http;
  reference?: string;
  notes?: Notes;
  /** What `login` brought, for vendors with sessions. */
  token?: string;
  now?: Date;
  /** For a probe: how long ago the buying request left. */
  secondsSinceCommit?: number;
  /** Stored pictures by id. */
  artworks?: Record<string, ArtworkFile>;
  /** Called before each request leaves, to record or to cut the wire. */
  beforeSend?: (kind: "ask" | "commit") => Promise<void>;
}

/** Calls and ProbeCalls in one. `now`, `token` and `secondsSinceCommit` may be set between tries. */
export type MemoryCalls = Calls &
  ProbeCalls & {
    notes: Notes;
    token: string;
    now: Date;
    secondsSinceCommit: number;
    exchanges: ReturnType<typeof converse>["exchanges"];
  };

/** The calls of one VendorOrder: pass the same object to `submit` again and it goes on where it was. */
export function memoryCalls(input: MemoryCallsInput): MemoryCalls {
  const { vendor, settings, http, beforeSend, artworks = {} } = input;
  const secrets = secretsOf(vendor.settings, settings);
  const { ask, commit, exchanges } = converse({ vendor, secrets, http, ...(beforeSend && { beforeSend }) });
  const calls: MemoryCalls = {
    ask,
    commit,
    exchanges,
    notes: { ...input.notes },
    token: input.token ?? "",
    now: input.now ?? new Date("2026-11-22T09:00:00Z"),
    secondsSinceCommit: input.secondsSinceCommit ?? 0,
    reference: input.reference ?? "M-1001-a",
    remember: async (notes) => {
      calls.notes = { ...calls.notes, ...notes };
    },
    artwork: async (id) => {
      const file = artworks[id];
      if (!file) throw new VendorError("rejected", "The shopper's picture is no longer stored.");
      return file;
    },
  };
  return calls;
}

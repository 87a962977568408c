// The contract: everything the app knows about any vendor. A vendor is a plain object made by defineVendor;
// inside its folder it speaks its own narrow types, outside it has this one plain shape.
import { z } from "zod";
import type { LineFacts, OrderFacts } from "../orders/order.ts";
import { fieldsSchema, type Field, type Values } from "./fields.ts";

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
  /** Set when the vendor account itself is in a state nobody can explain: no other order may use it. */
  readonly quarantine: string | undefined;

  constructor(
    problem: Problem,
    sentence: string,
    more: {
      retryAfterSeconds?: number | undefined;
      status?: number | undefined;
      lost?: boolean;
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
    this.quarantine = more.quarantine;
  }
}

/** Shorthand for a refusal by our own reading of the vendor's rules: "MGE DOT needs a phone number. …". */
export function refuse(sentence: string): never {
  throw new VendorError("rejected", sentence);
}

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
  /** Statuses beyond 2xx that are an answer and not an error, e.g. 404 for "not there yet". */
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

/** The vendor has the order. `number` is the vendor's own; absent when it was lost with the reply. */
export interface Receipt {
  number?: string | undefined;
  /** More to keep for later steps (item uids, say); merged into the notes. */
  notes?: Notes;
  /** A sentence for the merchant when there is something to know, e.g. why the number is unknown. */
  remark?: string | undefined;
}

/**
 * What a probe found. Before the vendor's quiescence bound only `found` counts; the other two are asked again.
 * - `found`: the order is there
 * - `sendAgain`: surely not there, or sending again cannot make a second one
 * - `cannotTell`: a person must look; the sentence says where
 */
export type Probe =
  | { found: Receipt }
  | { sendAgain: true }
  | { cannotTell: string; quarantine?: string; code?: "unsure" | "number unknown" };

/** One line of a VendorOrder, with what the merchant's Mapping says it is at this vendor. */
export interface PartLine<Product> {
  line: LineFacts;
  product: Product;
  /** Set when the line's picture is one that we stored. `url` is a link the vendor can fetch. */
  artwork?: { id: string; contentType: string; width: number; height: number; url: string } | undefined;
}

/** The part of an order that one connection makes: what `toPayload` is given. */
export interface Part<Product> {
  order: OrderFacts;
  lines: PartLine<Product>[];
  /** Our reference for it, short and printable, e.g. "M-1001-a". */
  reference: string;
  /** How often a person said "it does not exist, send again": 0 at first. */
  resend: number;
  /** True when every line of the order that is shipped goes to this connection. */
  whole: boolean;
}

/** How far the vendor says it is. */
export interface Report {
  /** The vendor's own state in words for the merchant, e.g. "Print file ready". */
  state: string;
  /** True when the state will not change any more: no further look is needed. */
  final: boolean;
  /** Set when a person must act, e.g. the print file could not be made. */
  trouble?: string;
  /** One entry for each parcel the vendor told of. */
  parcels?: Parcel[];
  notes?: Notes;
}

/** One parcel a vendor reported. Without `lines` it holds everything not yet in another parcel. */
export interface Parcel {
  /** The vendor's id of the parcel: the same parcel told twice is one Shipment. */
  id: string;
  carrier?: string;
  trackingNumber?: string;
  trackingUrl?: string;
  lines?: { lineId: string; quantity: number }[];
}

/** One row of the pick-list on the mapping page: a vendor product and what a Mapping to it would store. */
export interface VendorProduct {
  label: string;
  detail?: string;
  config: Record<string, unknown>;
}

/** The orders ability, as a vendor writes it. */
export interface OrdersAbility<Settings, Product, Payload> {
  /** What the vendor takes, with its own limits: the last check before anything is sent. */
  payload: z.ZodType<Payload>;
  /** Pure. Throws VendorError `rejected` with a sentence for everything it cannot send as it is. */
  toPayload(part: Part<Product>, settings: Settings): Payload;
  /** The conversation that ends in at most one `commit`. Continues from `calls.notes`. */
  submit(payload: Payload, settings: Settings, calls: Calls): Promise<Receipt>;
  /** What became of a commit whose outcome was lost. */
  probe(payload: Payload, settings: Settings, calls: ProbeCalls): Promise<Probe>;
  /** Takes back what unfinished asks left behind (a filled basket). Without it they leave nothing that matters. */
  withdraw?(payload: Payload, settings: Settings, calls: Calls): Promise<void>;
  /** The longest time after a lost answer that the vendor may still apply the request, in seconds. */
  quiescenceSeconds: number;
  /** Whether this line, without a Mapping, looks as if it was meant for this vendor. Pure. */
  looksLikeOurs(line: LineFacts): boolean;
  /** Asks how far it is. A vendor whose API reports nothing has no `track`. */
  track?(
    sent: { payload: Payload; number?: string | undefined; notes: Notes },
    settings: Settings,
    asking: Asking,
  ): Promise<Report>;
}

/** A vendor as its folder declares it. */
export interface VendorDefinition<S extends readonly Field[], P extends readonly Field[], Payload> {
  /** Stored in the database; lower case; never renamed. */
  id: string;
  label: string;
  /** One sentence for the page where the merchant chooses a vendor. */
  summary: string;
  settings: S;
  /** What a Mapping stores about this vendor's product. */
  product: P;
  /** Sentences a merchant must know before connecting, e.g. that the parcel goes to the dealer. */
  goodToKnow?: readonly string[];
  /** How many conversations one account may have at once; 1 means a shared basket: strictly one order at a time. */
  atOnce: number;
  /** Two connections with the same key are one account at the vendor (a shared login), across shops. Default: the connection. */
  accountKey?(settings: Values<S>): string;
  /** Tries the settings. Answers with a sentence such as "Connected as …"; throws VendorError otherwise. */
  test(settings: Values<S>, asking: Asking): Promise<string>;
  /** For vendors with sessions: brings a token. It is kept per account, sealed, and renewed before it ends. */
  login?(settings: Values<S>, asking: Asking): Promise<{ token: string; expiresAt: Date }>;
  /** The pick-list of the mapping page. */
  products?(settings: Values<S>, search: string, asking: Asking): Promise<VendorProduct[]>;
  /** Reads the vendor's words out of an error body, and its own meaning of a status where it has one. Pure. */
  readError(reply: VendorReply): { words?: string | undefined; problem?: Problem | undefined };
  orders?: OrdersAbility<Values<S>, Values<P>, Payload>;
}

/** The plain shape outside the vendor's folder: settings, products and payloads are unknown here and parsed inside. */
export interface Vendor {
  id: string;
  label: string;
  summary: string;
  settings: readonly Field[];
  product: readonly Field[];
  goodToKnow: readonly string[];
  atOnce: number;
  accountKey?: (settings: unknown) => string;
  test(settings: unknown, asking: Asking): Promise<string>;
  login?: (settings: unknown, asking: Asking) => Promise<{ token: string; expiresAt: Date }>;
  products?: (settings: unknown, search: string, asking: Asking) => Promise<VendorProduct[]>;
  readError(reply: VendorReply): { words?: string | undefined; problem?: Problem | undefined };
  orders?: {
    toPayload(part: Part<unknown>, settings: unknown): unknown;
    submit(payload: unknown, settings: unknown, calls: Calls): Promise<Receipt>;
    probe(payload: unknown, settings: unknown, calls: ProbeCalls): Promise<Probe>;
    withdraw?: (payload: unknown, settings: unknown, calls: Calls) => Promise<void>;
    quiescenceSeconds: number;
    looksLikeOurs(line: LineFacts): boolean;
    track?: (
      sent: { payload: unknown; number?: string | undefined; notes: Notes },
      settings: unknown,
      asking: Asking,
    ) => Promise<Report>;
  };
}

/** Joins a vendor's functions into the plain shape, parsing what crosses the border both ways. */
export function defineVendor<const S extends readonly Field[], const P extends readonly Field[], Payload>(
  definition: VendorDefinition<S, P, Payload>,
): Vendor {
  const { accountKey, login, products, orders } = definition;
  const settingsOf = (raw: unknown): Values<S> =>
    parse(
      fieldsSchema(definition.settings),
      raw,
      (first) => new VendorError("connection", `The ${definition.label} settings are incomplete: ${first}`),
    );
  const productOf = (raw: unknown): Values<P> =>
    parse(
      fieldsSchema(definition.product),
      raw,
      (first) =>
        new VendorError(
          "rejected",
          `The ${definition.label} product chosen for this variant is incomplete: ${first} Open Products and choose it again.`,
        ),
    );
  return {
    id: definition.id,
    label: definition.label,
    summary: definition.summary,
    settings: definition.settings,
    product: definition.product,
    goodToKnow: definition.goodToKnow ?? [],
    atOnce: definition.atOnce,
    readError: definition.readError,
    test: (raw, asking) => definition.test(settingsOf(raw), asking),
    ...(accountKey && { accountKey: (raw: unknown) => accountKey(settingsOf(raw)) }),
    ...(login && { login: (raw: unknown, asking: Asking) => login(settingsOf(raw), asking) }),
    ...(products && {
      products: (raw: unknown, search: string, asking: Asking) => products(settingsOf(raw), search, asking),
    }),
    ...(orders && { orders: plainOrders(orders, { label: definition.label, settingsOf, productOf }) }),
  };
}

interface Borders<Settings, Product> {
  label: string;
  settingsOf(raw: unknown): Settings;
  productOf(raw: unknown): Product;
}

function plainOrders<Settings, Product, Payload>(
  orders: OrdersAbility<Settings, Product, Payload>,
  { label, settingsOf, productOf }: Borders<Settings, Product>,
): NonNullable<Vendor["orders"]> {
  const payloadOf = (raw: unknown): Payload =>
    parse(
      orders.payload,
      raw,
      (first) => new VendorError("rejected", `${label} would refuse this order: ${first}`),
    );
  const { withdraw, track } = orders;
  return {
    toPayload: (part, raw) =>
      payloadOf(
        orders.toPayload(
          { ...part, lines: part.lines.map((line) => ({ ...line, product: productOf(line.product) })) },
          settingsOf(raw),
        ),
      ),
    submit: (payload, raw, calls) => orders.submit(payloadOf(payload), settingsOf(raw), calls),
    probe: (payload, raw, calls) => orders.probe(payloadOf(payload), settingsOf(raw), calls),
    ...(withdraw && {
      withdraw: (payload: unknown, raw: unknown, calls: Calls) =>
        withdraw(payloadOf(payload), settingsOf(raw), calls),
    }),
    quiescenceSeconds: orders.quiescenceSeconds,
    looksLikeOurs: (line) => orders.looksLikeOurs(line),
    ...(track && {
      track: (
        sent: { payload: unknown; number?: string | undefined; notes: Notes },
        raw: unknown,
        asking: Asking,
      ) => track({ ...sent, payload: payloadOf(sent.payload) }, settingsOf(raw), asking),
    }),
  };
}

function parse<T>(schema: z.ZodType<T>, raw: unknown, error: (first: string) => VendorError): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw error(
    issue ? `${issue.path.join(".")}${issue.path.length > 0 ? ": " : ""}${issue.message}` : "unreadable",
  );
}

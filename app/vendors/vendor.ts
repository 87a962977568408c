// The contract: everything the app knows about any vendor. A vendor is a plain object made by defineVendor;
// inside its folder it speaks its own narrow types, outside it has this one plain shape.
import type { z } from "zod";
import type { LineFacts, OrderFacts } from "../orders/order.ts";
import type { ProductVariant } from "../products/product.ts";
import type {
  AnyTool,
  CallbacksAbility,
  CatalogueAbility,
  Changing,
  Configured,
  PreviewOption,
  PreviewsAbility,
  Sent,
  VendorFile,
} from "./abilities.ts";
import type { Field, Values } from "./fields.ts";
import type { Problem } from "./vendor-error.ts";
import type { Asking, Calls, Notes, ProbeCalls, VendorReply } from "./words.ts";

export { refuse, VendorError, type Problem } from "./vendor-error.ts";
export type * from "./words.ts";
export { defineTool } from "./abilities.ts";
export type * from "./abilities.ts";
export { defineVendor } from "./define-vendor.ts";
export { toPlainText } from "./plain-text.ts";
export { oneLine, severalLines, withoutGaps } from "./text.ts";

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
  /** Set when the shopper chose a look: the vendor's number of the preview, and what can be ordered from it. */
  preview?: { previewId: string; look: string; options: readonly PreviewOption[] } | undefined;
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
  /**
   * Lines of one order with different groups become VendorOrders of their own, e.g. because the vendor takes only
   * one shopper's designs at once. Pure; absent means one group.
   */
  groupOf?(line: LineFacts): string;
  /** The least a line of this product may have been sold for, in the shop's currency; one below waits for a person. Pure. */
  lowestPrice?(product: Product): number | undefined;
  /** Asks how far it is. A vendor whose API reports nothing has no `track`. */
  track?(sent: Sent<Payload>, settings: Settings, asking: Asking): Promise<Report>;
  /** What a callback's news (its `data`) means for an order, with what earlier news left in the notes. Pure. */
  report?(news: Record<string, unknown>, sent: Sent<Payload>): Report;
  /** Asks the vendor whether it would take this, without ordering: problems as sentences, none when it would. */
  check?(payload: Payload, settings: Settings, asking: Asking): Promise<string[]>;
  /** What can still be done about an order that the vendor has. */
  changing: Changing<Settings, Payload>;
  /** The files the vendor made for an order; none yet is an empty list. */
  files?(sent: Sent<Payload>, settings: Settings, asking: Asking): Promise<VendorFile[]>;
}

/** A variant's options as the merchant named them: Size → "56". */
export type VariantOptions = readonly Readonly<ProductVariant["options"][number]>[];

/** A vendor as its folder declares it. */
export interface VendorDefinition<S extends readonly Field[], P extends readonly Field[], Payload, Item> {
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
  /** Completes a product in the making and says what can be chosen: the mapping page becomes a configurator. */
  configure?(product: Record<string, unknown>, settings: Values<S>, asking: Asking): Promise<Configured>;
  /**
   * What a variant's own options say of its product, by field, e.g. its size. A field that they decide and that cannot be
   * told from what they say is there as undefined: it must not be what another variant has. Pure.
   */
  fromOptions?(
    options: VariantOptions,
    product: Record<string, unknown>,
    settings: Values<S>,
  ): Record<string, unknown>;
  orders?: OrdersAbility<Values<S>, Values<P>, Payload>;
  catalogue?: CatalogueAbility<Values<S>, Item>;
  callbacks?: CallbacksAbility<Values<S>>;
  previews?: PreviewsAbility<Values<S>, Values<P>>;
  tools?: readonly AnyTool<Values<S>>[];
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
    groupOf?: (line: LineFacts) => string;
    lowestPrice?: (product: unknown) => number | undefined;
    track?: (sent: Sent<unknown>, settings: unknown, asking: Asking) => Promise<Report>;
    report?: (news: Record<string, unknown>, sent: Sent<unknown>) => Report;
    check?: (payload: unknown, settings: unknown, asking: Asking) => Promise<string[]>;
    changing: Changing<unknown, unknown>;
    files?: (sent: Sent<unknown>, settings: unknown, asking: Asking) => Promise<VendorFile[]>;
  };
  configure?: (product: Record<string, unknown>, settings: unknown, asking: Asking) => Promise<Configured>;
  fromOptions?: (
    options: VariantOptions,
    product: Record<string, unknown>,
    settings: unknown,
  ) => Record<string, unknown>;
  /** Without the schema of an item: what is given to these is parsed inside. */
  catalogue?: Omit<CatalogueAbility<unknown, unknown>, "item">;
  callbacks?: CallbacksAbility<unknown>;
  previews?: PreviewsAbility<unknown, unknown>;
  tools: readonly AnyTool<unknown>[];
}

// What a vendor may offer besides taking orders. Each ability is optional, and all or nothing: a vendor without it
// simply does not have it, and no page offers it.
import type { z } from "zod";
import type { ProductFacts } from "../products/product.ts";
import type { Field, Values } from "./fields.ts";
import type { ArtworkFile, Notes, Asking } from "./words.ts";

/** An order that the vendor has. */
export interface Sent<Payload> {
  payload: Payload;
  /** The vendor's own number; absent when it was lost with the reply. */
  number?: string | undefined;
  notes: Notes;
  reference: string;
}

// ---------------------------------------------------------------------------------------------- changing an order

/**
 * What can still be done about an order that the vendor has. `instead` is the sentence for what it cannot do: what
 * the merchant does about it, e.g. "MGE cannot take an order back by itself. Write to …".
 */
export interface Changing<Settings, Payload> {
  instead: string;
  /** Takes the order back. Answers with a sentence; throws VendorError `rejected` when the vendor refuses. Twice is harmless. */
  cancel?(sent: Sent<Payload>, settings: Settings, asking: Asking): Promise<string>;
  /**
   * Brings an address, a note or a total up to date; never the lines. `next` is what would be sent today: whatever of it
   * differs is told, for afterwards it counts as known at the vendor. Twice is harmless.
   */
  update?(next: Payload, sent: Sent<Payload>, given: { settings: Settings; asking: Asking }): Promise<string>;
}

// ------------------------------------------------------------------------------------------------ files of an order

/** A file that the vendor made for an order, e.g. a print file. The app fetches it with the address guard. */
export interface VendorFile {
  filename: string;
  url: string;
  /** Sent with the request, where the address asks for the key. */
  headers?: Record<string, string>;
}

// -------------------------------------------------------------------------------------------------------- callbacks

/** One request that a vendor made to us. Header names are lower case; `body` as it came. */
export interface CallbackRequest {
  headers: Readonly<Record<string, string>>;
  contentType: string;
  body: string;
  now: Date;
}

/**
 * What a callback says.
 * - `news`: about one order, found by its vendor number or by our reference. `id` is the same when it is told twice.
 *   `data` is kept until it is worked on, and handed to `report`.
 * - `hint`: look at that order now; the callback itself is not believed
 * - `handshake`: the vendor asks whether the address is ours: `confirm` is called with it while a registration is pending
 * - `refused`: not from the vendor (bad signature, too old): 401, nothing kept
 * - `ignored`: true, but of no use to us; the sentence says what it was
 */
export type Callback =
  | { kind: "news"; id: string; about: About; data: Record<string, unknown> }
  | { kind: "hint"; about: About }
  | { kind: "handshake"; word: string }
  | { kind: "refused"; why: string }
  | { kind: "ignored"; sentence: string };

/**
 * Which order a callback is about: any one of them finds it. `reference` is ours, "M-1001-a", or for a vendor that was
 * told another name the order's Shopify number and the part: "5551234567890-a", and "…-a-r2" of a second sending.
 * `lineId` is Shopify's number of a line.
 */
export interface About {
  number?: string | undefined;
  reference?: string | undefined;
  lineId?: string | undefined;
}

/** For vendors that call us. The address is `/webhooks/vendors/<vendor>/<connection>`. */
export interface CallbacksAbility<Settings> {
  /** Checks the signature and reads the callback. Pure but for WebCrypto; throws nothing. */
  read(request: CallbackRequest, settings: Settings): Promise<Callback>;
  /** Tells the vendor our address. Answers with a sentence for the merchant. */
  register?(address: string, settings: Settings, asking: Asking): Promise<string>;
  /** Answers a handshake. */
  confirm?(word: string, settings: Settings, asking: Asking): Promise<void>;
}

// -------------------------------------------------------------------------------------------------------- catalogue

/** What is kept about one published product. */
export interface PublishedItem<Item> {
  item: Item;
  /** What earlier publishing remembered about it, e.g. which pictures the vendor has. */
  notes: Notes;
}

/** What came of one item, in the order they were given. `problem` as in VendorError; absent when it is done. */
export interface Published {
  /** For the merchant: "Created", "Updated", or why not. */
  sentence: string;
  problem?: "retry" | "rejected";
  notes?: Notes;
}

/** One product as the vendor has it, for the dry run. */
export interface ListedItem {
  key: string;
  isActive: boolean;
  /** The parts that are compared, by the names the merchant knows. */
  content: Record<string, string>;
}

/** For vendors that take a catalogue. Publishing is an upsert by `keyOf`: doing it twice is harmless. */
export interface CatalogueAbility<Settings, Item> {
  /** What the vendor takes, with its own limits. */
  item: z.ZodType<Item>;
  /** Pure. Throws VendorError `rejected` with a sentence for a product it cannot take as it is. */
  toItem(product: ProductFacts, settings: Settings): Item;
  /** The vendor's key of an item. Two products with one key are both held. */
  keyOf(item: Item): string;
  /** Items in one request. */
  batchSize: number;
  /** Sends a batch. Throws VendorError when nothing can be said of the single items. */
  publish(items: PublishedItem<Item>[], settings: Settings, asking: Asking): Promise<Published[]>;
  /** Takes a product out. One that is not there is done. Answers with a sentence. */
  withdraw(key: string, settings: Settings, asking: Asking): Promise<string>;
  /** Everything the vendor has, for the dry run. */
  list(settings: Settings, asking: Asking): Promise<ListedItem[]>;
  /** What an item would be in a ListedItem's words. Pure. */
  contentOf(item: Item): Record<string, string>;
}

// ---------------------------------------------------------------------------------------------------------- previews

/** A size that a vendor makes pictures in. */
export interface PreviewSize {
  /** The vendor's code of it: products with one code are ordered from one preview. */
  code: string;
  /** For the shopper: "40 × 50". */
  label: string;
  widthMm: number;
  heightMm: number;
  /** How many of the picture's own units it is wide and high; the shortest side first. */
  dots: readonly [width: number, height: number];
}

/** What is to be previewed. */
export interface PreviewOrder {
  file: ArtworkFile;
  size: string;
  looks: readonly string[];
  /** The shopper chose the part of the picture: the vendor must not choose another. */
  cropped: boolean;
}

/** How far a preview is. Pictures may be there before it is ready, and may change until then. */
export interface PreviewNews {
  state: "working" | "ready" | "failed" | "gone";
  looks: { look: string; label: string; imageUrl: string | undefined }[];
  /** What can be ordered, once it is ready: one look as one of the vendor's products. Never for a shopper's eyes. */
  options: PreviewOption[];
}

/** One look as one product, by the vendor's own numbers. */
export interface PreviewOption {
  look: string;
  sku: string;
  optionId: string;
}

/** For vendors that show a shopper what they would make of a picture. Making a preview costs at most a quota. */
export interface PreviewsAbility<Settings, Product> {
  /** The looks on offer; `label` in English. */
  looks: readonly { look: string; label: string }[];
  /** The size of a product; undefined when it cannot be previewed. `sku` is the variant's own. Pure. */
  sizeOf(product: Product, sku: string | undefined): PreviewSize | undefined;
  /** Begins a preview and answers with the vendor's number of it. Twice is two previews. */
  start(order: PreviewOrder, settings: Settings, asking: Asking): Promise<string>;
  read(previewId: string, settings: Settings, asking: Asking): Promise<PreviewNews>;
  /** Seconds until the next look at a preview that was begun so many seconds ago. Pure. */
  nextLook(ageSeconds: number): number;
  /** A preview that takes longer has failed. */
  longestSeconds: number;
  /** How long a preview can be ordered from, in seconds. Pure. */
  lifeSeconds(settings: Settings): number;
  /** Whether an order's refusal says that its preview cannot be ordered any more. Pure. */
  isStale(words: string): boolean;
  /** What becomes of an order whose preview had to be made again. Pure. */
  whenMadeAgain(settings: Settings): "send" | "hold";
  /** Whether orders are made from the photos themselves: then no preview has to be there. Pure. */
  ordersPhotos(settings: Settings): boolean;
}

// ------------------------------------------------------------------------------------------------------ configurator

/** A product in the making: what is chosen, what can be chosen, and what it comes to. */
export interface Configured {
  /** The product fields with everything the vendor filled in by itself. */
  product: Record<string, unknown>;
  /** Choices by field name as the form has it ("metal", "parts.0.finish"). */
  choices: Record<string, { value: string; label: string }[]>;
  /** To be shown beside the form: ["Price", "SGD 812.00"], ["Weight", "4.1 g"]. */
  facts: (readonly [label: string, value: string])[];
  /** Why it cannot be made like this, by field name; "" for the whole. */
  problems: Record<string, string>;
  image?: string | undefined;
}

// ------------------------------------------------------------------------------------------------------------- tools

/** What a tool is given besides its fields. */
export interface ToolCalls extends Asking {
  /** Orders the merchant chose, for tools that take some; only those that this connection's vendor has. */
  readonly orders: readonly (Sent<unknown> & { name: string })[];
  /** Products the merchant chose, for tools that take some. */
  readonly products: readonly ProductFacts[];
  /** What was kept under a name by an earlier run on this connection. */
  kept(name: string): Promise<string | undefined>;
  /** Keeps something small under a name; durable before it returns. */
  keep(name: string, value: string): Promise<void>;
}

/** One cell of a result: text, or a link. */
export type Cell = string | number | { text: string; href: string };

/** What a tool answers. */
export interface ToolResult {
  /** What was done or found, with its number: "3 collections." */
  sentence: string;
  /** Things a person should know or do. */
  warnings?: string[];
  facts?: (readonly [label: string, value: string])[];
  table?: { columns: string[]; rows: Cell[][] };
  image?: string;
  file?: { filename: string; contentType: string; bytes: Uint8Array };
}

/** One call of the vendor that is not about a single order, as a form in the admin and what came back. */
export interface Tool<Settings, Input> {
  /** In the page's address; lower case with hyphens. */
  id: string;
  label: string;
  help: string;
  /** Tools with one heading stand together. */
  group: string;
  fields: readonly Field[];
  /** A tool that changes something at the vendor asks first, with this sentence. */
  confirm?: string;
  takes?: "orders" | "products";
  /** Would get in the way of an order at the vendor: it is run while no order uses the account, and none begins. */
  alone?: true;
  /** For whoever cannot log in: no session is begun for it. One that still lives goes along, else `token` is "". */
  withoutLogin?: true;
  run(input: Input, settings: Settings, calls: ToolCalls): Promise<ToolResult>;
}

/** A tool as the list of a vendor holds it: its input is parsed by its fields before `run`. */
export type AnyTool<Settings> = Omit<Tool<Settings, never>, "run"> & {
  run(input: unknown, settings: Settings, calls: ToolCalls): Promise<ToolResult>;
};

/** Lets TypeScript know what a tool's fields give its `run`. */
export function defineTool<Settings>() {
  return <const F extends readonly Field[]>(
    tool: Tool<Settings, Values<F>> & { fields: F },
  ): AnyTool<Settings> => ({
    ...tool,
    run: (input, settings, calls) => tool.run(input as Values<F>, settings, calls),
  });
}

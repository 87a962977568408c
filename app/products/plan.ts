// What one product should be at one vendor, before anything is sent: the key, the content, or the sentence that says
// why not. Pure.
import { sha256 } from "../crypto.server.ts";
import { VendorError, type Vendor } from "../vendors/vendor.ts";
import type { ProductFacts } from "./product.ts";

type Catalogue = NonNullable<Vendor["catalogue"]>;

/** What is known of a publication when it is planned. */
export interface Planned {
  /** SHA-256 of what the vendor surely has. */
  itemHash: string | null;
  keysThere: string[];
}

/** What a publication should be. */
export interface Plan {
  state: "waiting" | "published" | "held" | "withdrawn";
  wants: "publish" | "withdraw";
  code: "refused" | null;
  sentence: string | null;
  key: string | null;
  hash: string | null;
}

/** The item that a vendor would be sent for a product, with its key and what it is compared by. */
export interface MadeItem {
  item: unknown;
  key: string;
  hash: string;
}

/** Makes a product's item. Throws VendorError: `rejected` for this product, `connection` for every one. */
export function makeItem(
  facts: ProductFacts,
  { catalogue, settings }: { catalogue: Catalogue; settings: unknown },
): MadeItem {
  const item = catalogue.toItem(facts, settings);
  return { item, key: catalogue.keyOf(item), hash: sha256(JSON.stringify(item)) };
}

/** Why a product is not to be in a catalogue; undefined when it is. */
export function absence(facts: ProductFacts | null): string | undefined {
  if (!facts) return "Deleted in Shopify, so it is not in the catalogue.";
  switch (facts.status) {
    case "active":
      return undefined;
    case "archived":
      return "Archived in Shopify, so it is not in the catalogue.";
    case "draft":
      return "A draft or unlisted in Shopify, so it is not in the catalogue.";
  }
}

/** Why a product whose key another shop has at the vendor is held. */
export function takenSentence(key: string): string {
  return `Another shop that uses the same account publishes “${key}” at the vendor, and one would overwrite the other. Give this product its own SKU in Shopify, or take the other one out of that shop's catalogue.`;
}

/** Plans one publication. Throws VendorError `connection` when the settings are at fault and not the product. */
export function planFor(
  facts: ProductFacts | null,
  before: Planned,
  with_: { catalogue: Catalogue; settings: unknown },
): Plan {
  const gone = absence(facts);
  if (!facts || gone !== undefined) {
    const isThere = before.keysThere.length > 0;
    return {
      state: isThere ? "waiting" : "withdrawn",
      wants: "withdraw",
      code: null,
      sentence: gone ?? null,
      key: null,
      hash: null,
    };
  }
  try {
    const { key, hash } = makeItem(facts, with_);
    const isThere = before.itemHash === hash && before.keysThere.length === 1 && before.keysThere[0] === key;
    return {
      state: isThere ? "published" : "waiting",
      wants: "publish",
      code: null,
      // What the last publishing said is still true of what did not change.
      sentence: null,
      key,
      hash,
    };
  } catch (error) {
    if (!(error instanceof VendorError) || error.problem === "connection") throw error;
    const kept = before.keysThere.length > 0 ? " The vendor keeps what it was told before." : "";
    return {
      state: "held",
      wants: "publish",
      code: "refused",
      sentence: `${error.message}${kept}`,
      key: null,
      hash: null,
    };
  }
}

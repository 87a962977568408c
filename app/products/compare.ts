// A vendor's list against what Shopify has: what a sync would create, bring up to date, take out or hold. It sends
// nothing. Of each product a line is kept, and never the products themselves.
import { VendorError, type ListedItem, type Vendor } from "../vendors/vendor.ts";
import { absence, makeItem, takenSentence } from "./plan.ts";
import type { ProductFacts } from "./product.ts";

/** One difference, as a merchant reads it. */
export interface Difference {
  productId: string;
  title: string;
  key: string | null;
  what: "create" | "update" | "deactivate" | "hold";
  /** For an update: what would change, in the vendor's words, shortened. */
  fields: { name: string; there: string; here: string }[];
  /** For a hold: why. */
  sentence: string | null;
}

/** How many products are in which case. `same` needs nothing; `elsewhere` the vendor has from somebody else. */
export interface Counts {
  create: number;
  update: number;
  same: number;
  deactivate: number;
  hold: number;
  elsewhere: number;
}

/** What a comparison found. */
export interface Comparison {
  counts: Counts;
  /** The first 200. */
  differences: Difference[];
  /** Every product that the vendor does not have as it should. */
  differing: string[];
}

/** The products, the vendor's list, and the keys under which the vendor may have something of ours. */
export interface ToCompare {
  products: AsyncIterable<ProductFacts>;
  listed: ListedItem[];
  /** By key: the product that was published under it. */
  ours: Map<string, { productId: string; title: string }>;
  /** Keys that another shop with the same account publishes. */
  taken: ReadonlySet<string>;
  catalogue: NonNullable<Vendor["catalogue"]>;
  settings: unknown;
}

const mostDifferences = 200;
const mostCharacters = 160;

interface Wanted {
  productId: string;
  title: string;
  key: string;
  verdict: "create" | "update" | "same";
  fields: Difference["fields"];
}

/** Compares. Throws VendorError `connection` when the settings are at fault. */
export async function compare({
  products,
  listed,
  ours,
  taken,
  catalogue,
  settings,
}: ToCompare): Promise<Comparison> {
  const there = new Map(listed.map((item) => [item.key, item]));
  const wanted: Wanted[] = [];
  const byKey = new Map<string, number>();
  const held: Difference[] = [];
  for await (const facts of products) {
    if (absence(facts) !== undefined) continue;
    const { id: productId, title } = facts;
    try {
      const { item, key } = makeItem(facts, { catalogue, settings });
      byKey.set(key, (byKey.get(key) ?? 0) + 1);
      const fields = fieldsOf(there.get(key), catalogue.contentOf(item));
      // The first few hundred are shown; of the others the verdict is enough.
      const shown = wanted.length < 5 * mostDifferences ? fields : [];
      const verdict = !there.has(key) ? "create" : fields.length > 0 ? "update" : "same";
      wanted.push({ productId, title, key, verdict, fields: shown });
    } catch (error) {
      if (!(error instanceof VendorError) || error.problem === "connection") throw error;
      held.push({ productId, title, key: null, what: "hold", fields: [], sentence: error.message });
    }
  }
  return conclude({ wanted, byKey, held, there, ours, taken });
}

function conclude({
  wanted,
  byKey,
  held,
  there,
  ours,
  taken,
}: {
  wanted: Wanted[];
  byKey: Map<string, number>;
  held: Difference[];
  there: Map<string, ListedItem>;
} & Pick<ToCompare, "ours" | "taken">): Comparison {
  const counts: Counts = { create: 0, update: 0, same: 0, deactivate: 0, hold: held.length, elsewhere: 0 };
  const differences = [...held];
  const differing: string[] = [];
  for (const { verdict, ...product } of wanted) {
    const isTwin = (byKey.get(product.key) ?? 0) > 1;
    if (isTwin || taken.has(product.key)) {
      counts.hold++;
      const sentence = isTwin
        ? `Several products have the key “${product.key}”. Give each its own SKU in Shopify.`
        : takenSentence(product.key);
      differences.push({ ...product, what: "hold", fields: [], sentence });
      continue;
    }
    counts[verdict]++;
    if (verdict === "same") continue;
    differing.push(product.productId);
    differences.push({ ...product, what: verdict, sentence: null });
  }
  // A product that is held leaves at the vendor what it had there before.
  const staying = new Set(differences.flatMap(({ what, productId }) => (what === "hold" ? [productId] : [])));
  for (const { key, isActive } of there.values()) {
    if (!isActive || byKey.has(key)) continue;
    const known = ours.get(key);
    if (!known || taken.has(key)) counts.elsewhere++;
    else if (!staying.has(known.productId)) {
      counts.deactivate++;
      differences.push({ ...known, key, what: "deactivate", fields: [], sentence: null });
    }
  }
  return { counts, differences: differences.slice(0, mostDifferences), differing };
}

function fieldsOf(listed: ListedItem | undefined, content: Record<string, string>): Difference["fields"] {
  if (!listed) return [];
  const fields = Object.entries(content)
    .filter(([name, here]) => (listed.content[name] ?? "") !== here)
    .map(([name, here]) => ({ name, there: cut(listed.content[name] ?? ""), here: cut(here) }));
  return listed.isActive ? fields : [{ name: "Active", there: "no", here: "yes" }, ...fields];
}

function cut(text: string): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters - 1)}…`;
}

// What is worth knowing of a ring, in pairs of words: beside the configurator and in the tools. Pure.
import type { Configured } from "../vendor.ts";
import type { Diamond, Item, ItemPage } from "./catalogue.ts";
import { sizeLabel } from "./making.ts";
import { money } from "./rings.ts";

type Row = ItemPage["items"][number];
type Facts = Configured["facts"];

/**
 * A ring as Dora would make it: what it is, what it costs and weighs, and what it can be instead. Not priced: only what
 * is always so.
 */
export function ringFacts(item: Item, { row, isPriced }: { row: Row | undefined; isPriced: boolean }): Facts {
  const about = [item.style_no, item.description ?? row?.information].filter(Boolean).join(", ");
  const { related_weights: weights, related_rings: others, min_width: least, max_width: most } = item;
  const facts: [string, string][] = [["Style", about || `Ring ${item.id}`]];
  const put = (label: string, value: string | undefined): void => {
    if (value) facts.push([label, value]);
  };
  if (isPriced) {
    const size = item.sizes.find((one) => one.size_mm === item.size);
    put("Price", `${money(item.total_price, item.currency)}${size ? ` in size ${sizeLabel(size)}` : ""}`);
    put("Weight", weightOf(item));
  }
  if (typeof least === "number" && typeof most === "number") put("Widths", `${least} to ${most} mm`);
  put("Sizes", sizesOf(item));
  put("Diamonds", item.diamonds.map(diamondWords).join("; "));
  put("Weight class", item.default_weight ?? undefined);
  put("Lighter style", weights?.lighter ? relatedWords(weights.lighter) : undefined);
  put("Usual style", weights?.default ? relatedWords(weights.default) : undefined);
  put("Heavier style", weights?.heavier ? relatedWords(weights.heavier) : undefined);
  put("Related rings", others.map(relatedWords).join(", "));
  return facts;
}

/** The metals that Dora says are selected, together; undefined when one of them has no weight. */
function weightOf({ parts }: Item): string | undefined {
  const grams = parts.map(
    ({ selected_material_id: id, available_materials: metals }) =>
      metals.find((metal) => metal.id === id)?.weight ?? Number.NaN,
  );
  const sum = grams.reduce((all, one) => all + one, 0);
  return sum > 0 ? `${sum.toFixed(2)} g` : undefined;
}

function sizesOf({ sizes, country_code }: Item): string | undefined {
  const [first] = sizes;
  const last = sizes.at(-1);
  if (!first || !last) return undefined;
  return `${sizeLabel(first)} to ${sizeLabel(last)}${country_code ? `, as in ${country_code}` : ""}`;
}

/** "5 × Brilliant 0.02, together 0.1, G/VS". */
function diamondWords(diamond: Diamond): string {
  const { count, cut, cut_code, size, total_weight, quality, black_diamond } = diamond;
  const each = `${count ?? "?"} × ${cut ?? cut_code ?? "diamond"}${size ? ` ${size}` : ""}`;
  return [each, total_weight ? `together ${total_weight}` : "", quality, black_diamond ? "black" : ""]
    .filter(Boolean)
    .join(", ");
}

function relatedWords({ id, style_no }: { id: number; style_no?: string | null | undefined }): string {
  return style_no ? `${style_no} (id ${id})` : `id ${id}`;
}

// What a variant's own options say of its ring: the size, where a shop sells every size as a variant. Pure.
import type { VariantOptions } from "../vendor.ts";
import { makingSchema } from "./making.ts";
import { plain } from "./payload.ts";
import { listOf, type Settings } from "./settings.ts";
import { sizeOf } from "./size.ts";

/**
 * The size of a variant, by the name of its option: any other word of its title could be a width as well. One that the
 * ring's list does not have is no size, so that an order with it is held instead of being made in another variant's.
 */
export function fromOptions(
  options: VariantOptions,
  product: Record<string, unknown>,
  settings: Settings,
): { sizeMm?: number | undefined } {
  const { type, sizes } = makingSchema.parse(product);
  const names = new Set(listOf(settings.sizeNames).map(plain));
  const said = options.filter(({ name }) => names.has(plain(name)));
  if (type !== "ring" || said.length === 0) return {};
  const rows = sizes.flatMap(({ label, sizeMm }) =>
    label !== undefined && sizeMm !== undefined ? [{ label, sizeMm }] : [],
  );
  const found = new Set(said.map(({ value }) => sizeOf(value, rows)));
  const [only] = found;
  return { sizeMm: found.size === 1 ? only : undefined };
}

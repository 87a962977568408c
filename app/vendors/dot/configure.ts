// A kit in the making: size, frame, colour and speed narrow the list of the kits this account may order, and the SKU is
// always one of that list. MGE: "do not synthesize" SKUs.
import { variants, type Variant } from "./catalogue.ts";
import type { Configured } from "../vendor.ts";
import type { Talk } from "./request.ts";

/** What narrows the list, by the field of the product: which code counts, and how it is shown. */
const ways = {
  family: { codeOf: (kit: Variant) => kit.family, labelOf: (kit: Variant) => kit.family },
  size: { codeOf: (kit: Variant) => kit.size, labelOf: (kit: Variant) => kit.sizeLabel || kit.size },
  frame: { codeOf: (kit: Variant) => kit.frame, labelOf: (kit: Variant) => kit.frameLabel || kit.frame },
  color: { codeOf: (kit: Variant) => kit.color, labelOf: (kit: Variant) => kit.color.toLowerCase() },
  speed: {
    codeOf: (kit: Variant) => kit.speed,
    labelOf: (kit: Variant) => speedNames[kit.speed] ?? kit.speed,
  },
};
type Way = keyof typeof ways;

// The two speeds that partners of MGE saw; another one is shown by its code.
const speedNames: Record<string, string> = { STD: "Standard", EXP: "Express" };

/** The `configure` of a kit. What is chosen stays; the SKU follows a narrower choice to the kit most like the last. */
export async function configure(product: Record<string, unknown>, talk: Talk): Promise<Configured> {
  return choose(product, await variants(talk));
}

/** The same for a list at hand. Pure. */
export function choose(product: Record<string, unknown>, kits: readonly Variant[]): Configured {
  const wanted = Object.keys(ways).flatMap((key): [Way, string][] => {
    const value = textOf(product[key]);
    return isWay(key) && value !== "" ? [[key, value]] : [];
  });
  const fits = (kit: Variant, except?: Way): boolean =>
    wanted.every(([way, value]) => way === except || ways[way].codeOf(kit) === value);
  const fitting = kits.filter((kit) => fits(kit));
  const before = textOf(product["sku"]);
  const last = kits.find(({ sku }) => sku.toUpperCase() === before.toUpperCase());
  const followed = wanted.length > 0 ? nextKit(fitting, last) : undefined;
  const kit = last && fits(last) ? last : followed;
  const choices: Configured["choices"] = {
    sku: fitting.map((one) => ({ value: one.sku, label: `${one.label} (${one.sku})` })),
  };
  for (const way of Object.keys(ways).filter(isWay))
    choices[way] = distinct(
      kits.filter((one) => fits(one, way)),
      way,
    );
  // A SKU that MGE does not list, and that nothing here replaces, stays as it was typed.
  const sku = kit?.sku ?? (wanted.length === 0 ? before : "");
  return {
    // Empty and not left out, because the form keeps what is left out.
    product: { ...product, sku },
    choices,
    facts: kit ? factsOf(kit) : [["Kits to choose from", String(fitting.length)]],
    problems: problemsOf({ kit, before, fitting: fitting.length, narrowed: wanted.length > 0 }),
  };
}

// The only one that fits, or the one most like the last kit, when just one is.
function nextKit(fitting: readonly Variant[], last: Variant | undefined): Variant | undefined {
  const [only, another] = fitting;
  if (!another) return only;
  if (!last) return undefined;
  const likeness = (kit: Variant): number =>
    Object.values(ways).filter(({ codeOf }) => codeOf(kit) === codeOf(last)).length;
  const most = Math.max(...fitting.map(likeness));
  const [best, second] = fitting.filter((kit) => likeness(kit) === most);
  return second ? undefined : best;
}

function distinct(kits: readonly Variant[], way: Way): { value: string; label: string }[] {
  const { codeOf, labelOf } = ways[way];
  const labels = new Map(kits.flatMap((kit) => (codeOf(kit) === "" ? [] : [[codeOf(kit), labelOf(kit)]])));
  return [...labels].map(([value, label]) => ({ value, label }));
}

function factsOf(kit: Variant): Configured["facts"] {
  return [
    ["Kit", kit.label],
    ["SKU", kit.sku],
    ...(kit.price === "" ? [] : [["MGE charges you", `EUR ${kit.price}`] as const]),
  ];
}

function problemsOf({
  kit,
  before,
  fitting,
  narrowed,
}: {
  kit: Variant | undefined;
  before: string;
  fitting: number;
  narrowed: boolean;
}): Record<string, string> {
  if (kit) return {};
  if (narrowed)
    return fitting === 0
      ? { "": "MGE lists no kit like this. Change one of the choices." }
      : { sku: `Choose one of the ${fitting} kits that fit.` };
  return before === ""
    ? {}
    : { sku: `MGE does not list ${before} for this account, and would refuse an order for it.` };
}

/** What a pick from the list stores: its SKU, and no narrowing that was chosen for another kit. */
export function configOf({ sku }: Variant): Record<string, string> {
  return { ...Object.fromEntries(Object.keys(ways).map((way) => [way, ""])), sku };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value.trim() : "");
const isWay = (key: string): key is Way => Object.hasOwn(ways, key);

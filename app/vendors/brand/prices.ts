// Money on its way to dotcph: from the shop's currency to the brand's, and from retail to wholesale. Whole minor
// units throughout; the JSON number is made at the very end. Pure.
import { z } from "zod";
import { decimalsOf, toDecimal, toMoney, type Money } from "../../orders/order.ts";
import type { ProductFacts, ProductVariant } from "../../products/product.ts";
import { oneLine, refuse, VendorError } from "../vendor.ts";
import type { Settings } from "./settings.ts";

/** What one variant costs, in the brand's currency. */
export interface Prices {
  retail: Money;
  wholesale: Money;
  /** A price that somebody entered had a third decimal, which dotcph is not told. */
  isRounded: boolean;
}

/** What is missing for the chosen wholesale rule, as a sentence; undefined when it is complete. */
export function ruleTrouble(settings: Settings): string | undefined {
  const missing = (what: string): string =>
    `The dotcph settings do not say what the agency pays: ${what} Nothing is sent until they do, and your own cost is never used instead.`;
  switch (settings.wholesaleRule) {
    case "percent":
      return settings.wholesalePercent === undefined ? missing("the percentage is empty.") : undefined;
    case "metafield":
      return settings.wholesaleMetafield === undefined ? missing("the metafield is empty.") : undefined;
    case "list":
      return settings.wholesalePrices.length === 0 ? missing("the price list is empty.") : undefined;
  }
}

/** Throws VendorError `connection` when the wholesale rule is not complete: no product can be priced then. */
export function mustHaveRule(settings: Settings): void {
  const trouble = ruleTrouble(settings);
  if (trouble !== undefined) throw new VendorError("connection", trouble);
}

/** What a variant costs. `baseSku` is the product's SKU at dotcph. Throws `rejected` where a price is missing. */
export function pricesOf(
  variant: ProductVariant,
  { product, baseSku }: { product: ProductFacts; baseSku: string },
  settings: Settings,
): Prices {
  const which = called(product, variant);
  if (!variant.price || variant.price.minor <= 0)
    return refuse(
      `${which} has no price. dotcph asks for a retail price: enter one in Shopify, or leave the product out.`,
    );
  const entered = inBrandCurrency(variant.price, { which, product }, settings);
  const retail = inHundredths(entered);
  const asked = wholesaleOf(variant, { product, baseSku, retail }, settings);
  const wholesale = inHundredths(asked);
  for (const { minor } of [retail, wholesale])
    if (minor <= 0)
      return refuse(`The wholesale price of ${which} is nothing. Correct it, or leave the product out.`);
  return {
    retail,
    wholesale,
    isRounded: retail.minor !== entered.minor || wholesale.minor !== asked.minor,
  };
}

function wholesaleOf(
  variant: ProductVariant,
  { product, baseSku, retail }: { product: ProductFacts; baseSku: string; retail: Money },
  settings: Settings,
): Money {
  const which = called(product, variant);
  switch (settings.wholesaleRule) {
    case "percent": {
      const percent = exact(settings.wholesalePercent ?? 0);
      return {
        ...retail,
        minor: scaled(retail.minor, { ...percent, scale: percent.scale + 2 }, retail.currency),
      };
    }
    case "metafield": {
      const key = settings.wholesaleMetafield ?? "";
      const text = oneLine(variant.metafields[key]) ?? oneLine(product.metafields[key]);
      if (text === undefined)
        return refuse(
          `${which} has no wholesale price: its metafield ${key} is empty. Fill it in in Shopify.`,
        );
      const money = readMoney(text, settings);
      return money
        ? inBrandCurrency(money, { which, product }, settings)
        : refuse(
            `The wholesale price of ${which} cannot be read: its metafield ${key} says "${text.slice(0, 40)}". Write it without a sign for thousands, for example 1200.50.`,
          );
    }
    case "list": {
      const row = [variant.sku, baseSku]
        .flatMap((sku) => oneLine(sku) ?? [])
        .map((sku) => settings.wholesalePrices.find((each) => each.sku.trim() === sku))
        .find((found) => found !== undefined);
      if (!row)
        return refuse(
          `${which} is not in the dotcph price list. Add its SKU${variant.sku ? ` ${variant.sku}` : ""} or the product's, ${baseSku}, in the settings.`,
        );
      return (
        toMoney(String(row.price), settings.currency.toUpperCase()) ??
        refuse(
          `The price of ${row.sku} in the dotcph price list has more decimals than ${settings.currency.toUpperCase()} has.`,
        )
      );
    }
  }
}

const moneyMetafield = z.object({ amount: z.string(), currency_code: z.string().regex(/^[A-Za-z]{3}$/) });

// "1.200" is twelve hundred in Copenhagen and one point two in London: the agency would buy for a thousandth. A dinar
// has three decimals, and nothing in thousands begins with a zero.
const thousandsOrDecimals = /^[1-9]\d{0,2}[.,]\d{3}$/;

// A metafield of type money is JSON text, one of type number its digits.
function readMoney(text: string, settings: Settings): Money | undefined {
  if (!text.startsWith("{")) {
    if (thousandsOrDecimals.test(text) && decimalsOf(settings.currency) !== 3) return undefined;
    return toMoney(text.replace(",", "."), settings.currency);
  }
  try {
    const read = moneyMetafield.safeParse(JSON.parse(text));
    return read.success ? toMoney(read.data.amount, read.data.currency_code) : undefined;
  } catch {
    return undefined;
  }
}

function inBrandCurrency(
  money: Money,
  { which, product }: { which: string; product: ProductFacts },
  settings: Settings,
): Money {
  const currency = settings.currency.toUpperCase();
  if (money.currency.toUpperCase() === currency) return { minor: money.minor, currency };
  const isShops = money.currency.toUpperCase() === product.currency.toUpperCase();
  if (!isShops || settings.exchangeRate === undefined)
    return refuse(
      `${which} is priced in ${money.currency}, and your brand at dotcph uses ${currency}. ${isShops ? "Enter an exchange rate in the dotcph settings." : "Enter its price in one of your two currencies."}`,
    );
  const rate = exact(settings.exchangeRate);
  const shift = decimalsOf(currency) - decimalsOf(money.currency);
  const factor =
    shift >= 0
      ? { ...rate, digits: rate.digits * 10n ** BigInt(shift) }
      : { ...rate, scale: rate.scale - shift };
  return { minor: scaled(money.minor, factor, currency), currency };
}

/** A number as whole digits and how many of them stand behind the point. */
function exact(number: number): { digits: bigint; scale: number } {
  return { digits: BigInt(number.toFixed(10).replace(".", "")), scale: 10 };
}

// Half up.
function scaled(
  minor: number,
  { digits, scale }: { digits: bigint; scale: number },
  currency: string,
): number {
  const step = BigInt(stepOf(currency));
  const divisor = 10n ** BigInt(scale) * step;
  return Number(((BigInt(minor) * digits * 2n + divisor) / (divisor * 2n)) * step);
}

// dotcph's examples have two decimals, so a dinar is rounded to ten fils.
function stepOf(currency: string): 1 | 10 {
  return decimalsOf(currency) === 3 ? 10 : 1;
}

// What is calculated is rounded on the way; this is for what somebody entered.
function inHundredths({ minor, currency }: Money): Money {
  const step = stepOf(currency);
  return { minor: Math.floor(minor / step + 0.5) * step, currency };
}

/** Money as the JSON number dotcph takes, with at most two decimals. */
export function toAmount(money: Money): number {
  return Number(toDecimal(money));
}

/** A product, or one of its variants, as a person knows it. */
export function called(product: ProductFacts, variant?: ProductVariant): string {
  const title = oneLine(product.title) ?? "A product without a title";
  const isOnly = !variant || variant.title === "Default Title";
  return isOnly ? `"${title}"` : `"${title} – ${oneLine(variant.title) ?? variant.id}"`;
}

// From the lines of an order to what MGE is sent: pure. The `order` inside is MGE's body word for word;
// beside it stands what the conversation has to do first (pictures to bring, previews to look at).
import { z } from "zod";
import type { OrderFacts } from "../../orders/order.ts";
import { cityOf, emailOf, needsNoPostcode, noAddressSentence, phoneOf, recipientName } from "../address.ts";
import { refuse, type Part, type PartLine } from "../vendor.ts";
import { clean, pictureOf, type Picture } from "./picture.ts";
import type { Product, Settings } from "./settings.ts";

// MGE states no lengths. These only stop what cannot be an address.
const text = z.string().min(1).max(500);
const webLink = z
  .string()
  .max(2048)
  .refine((value) => URL.canParse(value) && !/\s/.test(value), "not a web link");

const lineItem = z
  .object({
    sku: z.string().regex(/^[A-Za-z0-9]+(\/[A-Za-z0-9._+-]+){2,}$/, "not an MGE SKU"),
    quantity: z.int().min(1).max(99),
    asset_url: webLink.optional(),
    preview_option_id: z.guid().optional(),
    asset_params: z
      .object({
        source_width: z.int().positive(),
        source_height: z.int().positive(),
        crop_mode: z.string().min(1),
      })
      .strict()
      .optional(),
  })
  .strict();

const order = z
  .object({
    brand_id: z.int().positive(),
    line_items: z.array(lineItem).min(1),
    shipping: z
      .object({
        name: text,
        email: text.optional(),
        phone: text,
        street: text,
        city: text,
        zip: text.optional(),
        country: z.string().regex(/^[A-Z]{2}$/),
      })
      .strict(),
  })
  .strict();

/** The body of an order, as MGE's guide shows it. */
export type OrderBody = z.infer<typeof order>;

/**
 * What is frozen and sent to MGE.
 * - `order`: the body of a direct order or draft (MGE DOT guide, "Payload examples", read 2026-11-22);
 *   a line with an entry in `files` gets its asset_token in the conversation
 * - `draft`: what only drafts take; absent for a direct order
 * - `files`: pictures the draft must be given first; `line` is the index in line_items
 * - `previews`: the preview each option came from, to look whether it can still be ordered
 */
export const payload = z
  .object({
    order,
    draft: z
      .object({ reference_id: z.string().min(1).max(100), shipping_method_id: z.int().positive().optional() })
      .strict()
      .optional(),
    files: z.array(
      z
        .object({
          line: z.int().min(0),
          how: z.enum(["upload", "from-url"]),
          artworkId: z.string().min(1).optional(),
          url: webLink.optional(),
        })
        .strict(),
    ),
    previews: z.array(z.object({ line: z.int().min(0), previewId: z.guid() }).strict()),
  })
  .strict()
  .refine(hasOneSourceEach, "a line must have exactly one picture");

export type Payload = z.infer<typeof payload>;
export type LineItem = OrderBody["line_items"][number];
export type FileToBring = Payload["files"][number];

// "One line item uses one artwork source" (MGE DOT guide, "Common mistakes").
function hasOneSourceEach(value: { order: OrderBody; files: { line: number }[] }): boolean {
  return value.order.line_items.every((item, index) => {
    const brought = value.files.filter((file) => file.line === index).length;
    return (
      Number(item.asset_url !== undefined) + Number(item.preview_option_id !== undefined) + brought === 1
    );
  });
}

/** Pure; throws VendorError `rejected` with a sentence for everything MGE could not make as it is. */
export function toPayload(part: Part<Product>, settings: Settings): Payload {
  const lines = part.lines.filter((each) => each.line.quantity > 0);
  if (lines.length === 0)
    refuse("Nothing of this order is left to make: every line was refunded or removed.");
  const shipping = shippingOf(part.order, settings);
  const made = lines.map((each) => toLine(each, settings));
  // A person who said "it does not exist, send again" gets an order of its own; same form as calls.reference.
  const reference_id = part.resend === 0 ? part.reference : `${part.reference}-r${part.resend + 1}`;
  const method = settings.shippingMethodId;
  return {
    order: { brand_id: settings.brandId, line_items: made.map(({ item }) => item), shipping },
    ...(settings.submission === "draft" && {
      draft: { reference_id, ...(method !== undefined && { shipping_method_id: method }) },
    }),
    files: made.flatMap(({ file }, line) => (file ? [{ line, ...file }] : [])),
    previews: made.flatMap(({ previewId }, line) => (previewId ? [{ line, previewId }] : [])),
  };
}

interface MadeLine {
  item: LineItem;
  file?: Omit<FileToBring, "line">;
  previewId?: string;
}

function toLine({ line, product, artwork, preview }: PartLine<Product>, settings: Settings): MadeLine {
  const sku = skuOf({ line, product }, settings);
  if (line.quantity > 99)
    refuse(
      `“${line.title}” asks for ${line.quantity} pieces; MGE DOT takes up to 99 a line. Split the order.`,
    );
  const bare = { sku, quantity: line.quantity };
  const picture = pictureOf({ line, artwork, preview, sku }, settings);
  if (picture.kind === "preview") {
    if (settings.submission === "direct" && !picture.previewId)
      refuse(
        `“${line.title}” has a chosen preview, but not the number of the preview it came from, so a direct order cannot be checked first. Choose “As a draft” in the MGE DOT settings and try again.`,
      );
    const item = { ...bare, preview_option_id: picture.optionId };
    return picture.previewId ? { item, previewId: picture.previewId } : { item };
  }
  const params = paramsOf(picture, product.cropMode ?? settings.cropMode);
  // Only drafts take files, so a direct order carries the link whatever the setting says.
  if (settings.submission === "direct" || settings.artworkTransfer === "asset-url")
    return { item: { ...bare, asset_url: picture.url, ...params } };
  const stored = picture.kind === "stored" && settings.artworkTransfer === "upload";
  return {
    item: { ...bare, ...params },
    file: {
      how: settings.artworkTransfer,
      ...(stored ? { artworkId: picture.artworkId } : { url: picture.url }),
    },
  };
}

// Sent only with sizes that we measured ourselves; a shopper's page could claim anything.
function paramsOf(picture: Picture, crop_mode: string): Pick<LineItem, "asset_params"> {
  if (picture.kind !== "stored") return {};
  const { width, height } = picture;
  const known = [width, height].every((pixels) => Number.isSafeInteger(pixels) && pixels > 0);
  return known ? { asset_params: { source_width: width, source_height: height, crop_mode } } : {};
}

// The SKU decides the price, so it comes from the Mapping or the variant, never from a line property.
function skuOf({ line, product }: Pick<PartLine<Product>, "line" | "product">, settings: Settings): string {
  const own = /^DOT\//i.test(line.sku ?? "") ? line.sku : undefined;
  const chosen = clean(product.sku || own);
  const sku = settings.upperCaseSku ? chosen.toUpperCase() : chosen;
  if (sku === "") refuse(`No MGE SKU is chosen for “${line.title}”. Choose one on the Products page.`);
  if (!lineItem.shape.sku.safeParse(sku).success)
    refuse(
      `The MGE SKU of “${line.title}” does not look like one (DOT/VF/40X50/W/BLACK/STD, say). Correct it on the Products page.`,
    );
  return sku;
}

// MGE has no field for a state; without it parcels in these countries go astray. Our reading, to be asked.
const statesInAddresses = new Set(["AR", "AU", "BR", "CA", "IN", "MX", "US"]);

function shippingOf(order: OrderFacts, settings: Settings): OrderBody["shipping"] {
  const address = order.shippingAddress;
  if (!address) refuse(noAddressSentence);
  const name = need(recipientName(order), "the name of the person the parcel is for");
  const phone = need(phoneOf(order, settings.defaultPhone), "a phone number for the parcel");
  const address1 = need(address.address1, "a street");
  const street = [clean(address.company), address1, clean(address.address2)].filter(Boolean).join(", ");
  const country = need(address.countryCode, "the country").toUpperCase();
  if (!/^[A-Z]{2}$/.test(country))
    refuse("MGE DOT does not know the country of the delivery address. Correct it in Shopify.");
  const place = need(cityOf(address), "a city");
  const state = statesInAddresses.has(country) ? clean(address.provinceCode) : "";
  const zip = clean(address.zip);
  if (zip === "" && !needsNoPostcode(country)) need(undefined, "a postcode");
  const email = clean(emailOf(order));
  const shipping = {
    name,
    // Not needed to make a kit; what is no address at all would only make MGE refuse the order.
    ...(/^[^\s@]+@[^\s@]+$/.test(email) && { email }),
    phone,
    street,
    city: state ? `${place}, ${state}` : place,
    ...(zip && { zip }),
    country,
  };
  const long = Object.values(shipping).some((part) => !text.safeParse(part).success);
  if (long)
    refuse("A part of the delivery address is far too long for a parcel label. Correct it in Shopify.");
  return shipping;
}

function need(value: string | undefined, what: string): string {
  const known = clean(value);
  if (known === "")
    refuse(`MGE DOT needs ${what}. Add it to the order in Shopify and the order goes on by itself.`);
  return known;
}

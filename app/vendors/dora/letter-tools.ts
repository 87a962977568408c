// Writing to Dora from the admin: a request for a customised product, and a message.
import type { z } from "zod";
import { defineTool, refuse, type AnyTool } from "../vendor.ts";
import { addressSchema, messageSchema, requestProduct, sendMessage } from "./letters.ts";
import { sendOnce } from "./once.ts";
import type { Settings } from "./settings.ts";

const tool = defineTool<Settings>();
const group = "Write to Dora";
const again = {
  key: "again",
  kind: "toggle",
  label: "Send it although the same was sent before",
  default: false,
} as const;
const optional = { kind: "text", required: false } as const;
const elsewhere = "Only for another address.";

const productRequest = tool({
  id: "product-request",
  label: "Ask for a customised product",
  help: "Asks Dora for a product with your logo, such as a display or a box. Dora answers by e-mail.",
  group,
  fields: [
    { key: "name", kind: "text", label: "Product" },
    {
      key: "width",
      kind: "number",
      label: "Width",
      help: "Dora names no unit: say it in the notes.",
      min: 0.01,
    },
    { key: "height", kind: "number", label: "Height", min: 0.01 },
    {
      key: "logo",
      kind: "file",
      label: "Logo",
      accept: "image/png,image/jpeg,image/svg+xml,application/pdf",
      maxBytes: 10 * 1024 * 1024,
      required: false,
    },
    { key: "storeName", label: "Name of your shop", ...optional },
    {
      key: "otherAddress",
      kind: "toggle",
      label: "Send it to another address than Dora has",
      default: false,
    },
    { key: "street", label: "Street", help: `${elsewhere} Letters, digits and spaces.`, ...optional },
    { key: "city", label: "City", help: elsewhere, ...optional },
    { key: "country", label: "Country", help: elsewhere, ...optional },
    { key: "zipcode", label: "Postcode", help: `${elsewhere} Digits.`, ...optional },
    { key: "notes", label: "Notes", ...optional },
    { key: "terms", kind: "toggle", label: "I accept Dora's terms", default: false },
    again,
  ],
  confirm: "This sends Dora an e-mail with your request.",
  run: async (input, settings, calls) => {
    if (!input.terms) refuse("Dora takes a request only when its terms are accepted. Tick that field.");
    const { name, width, height, notes, logo, storeName: store_name } = input;
    const { street: streetname = "", city = "", country = "", zipcode = "" } = input;
    const address = input.otherAddress
      ? valid(addressSchema, { streetname, city, country, zipcode })
      : undefined;
    const asked = { name: name.trim(), width, height, store_name, address, notes };
    if (asked.name === "") refuse("Product is missing.");
    const content = { ...asked, logo: logo && [logo.filename, logo.bytes.length] };
    await sendOnce({ kind: "request", content, again: input.again }, calls, () =>
      requestProduct({ ...asked, logo }, settings, calls),
    );
    return { sentence: `Dora has your request for “${asked.name}” and answers by e-mail.` };
  },
});

const contact = tool({
  id: "contact",
  label: "Write to Dora",
  help: "Sends a message to Dora, for example about an order, with its number.",
  group,
  fields: [
    { key: "name", kind: "text", label: "Your name" },
    { key: "email", kind: "text", label: "E-mail address for the answer" },
    { key: "comment", kind: "text", label: "Message" },
    again,
  ],
  confirm: "This sends Dora an e-mail.",
  run: async ({ again: repeat, ...fields }, settings, calls) => {
    const message = valid(messageSchema, fields);
    await sendOnce({ kind: "contact", content: message, again: repeat }, calls, () =>
      sendMessage(message, settings, calls),
    );
    return { sentence: `Dora has your message and answers to ${message.email}.` };
  },
});

function valid<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  return refuse(first && !first.message.startsWith("Too") ? first.message : "A field is empty.");
}

/** The forms, in the order in which the admin shows them. */
export const letterTools: readonly AnyTool<Settings>[] = [contact, productRequest];

// The shop's rules for shoppers' photos, as the merchant saves them: how long, how many, and which looks.
import { z } from "zod";
import { vendors } from "../vendors/index.server.ts";
import { prisma } from "../world.server.ts";
import { fieldErrors } from "./field-errors.ts";

function wholeNumber(from: number, to: number) {
  const words = `Enter a whole number from ${from} to ${to}.`;
  return z
    .string(words)
    .trim()
    .regex(/^\d{1,7}$/, words)
    .transform(Number)
    .pipe(z.number().min(from, words).max(to, words));
}

const everyLook = new Set(vendors.flatMap(({ previews }) => previews?.looks ?? []).map(({ look }) => look));

// The bounds are those of the table's checks: what is refused here is said beside its field.
const settingsSchema = z.object({
  keepUnordered: wholeNumber(7, 30),
  keepOrdered: wholeNumber(0, 365),
  photosPerDay: wholeNumber(0, 100_000),
  previewsADay: wholeNumber(0, 100_000),
  looks: z
    .string("Leave at least one look on.")
    .transform((text) => text.split(",").filter((look) => everyLook.has(look)))
    .refine((looks) => looks.length > 0, "Leave at least one look on."),
});

/** Keeps the rules; `errors` are sentences by field. They hold for photos and previews from now on. */
export async function saveStorefront(
  shop: string,
  form: FormData,
): Promise<{ done: string } | { errors: Record<string, string> }> {
  const parsed = settingsSchema.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { errors: fieldErrors(parsed.error) };
  // All of them is kept as none: a look that a vendor adds later is then on offer by itself.
  const looks = [...everyLook].every((look) => parsed.data.looks.includes(look)) ? [] : parsed.data.looks;
  const data = { ...parsed.data, looks };
  await prisma.shop.upsert({ where: { shop }, update: data, create: { shop, ...data } });
  return { done: "Rules for photos saved." };
}

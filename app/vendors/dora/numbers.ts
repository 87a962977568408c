// How PHP writes things: numbers now as numbers, now as text, and millimetres that must not be compared as floats.
import { z } from "zod";

/** Prices and millimetres as whole thousandths, so that nothing is compared or added as a float. */
export function thousandths(value: number): number {
  return Math.round(value * 1000);
}

/** A number, also when it is written as text. */
export const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(?:\.\d+)?$/)
    .transform(Number),
]);

/** A text, also when it is written as a number. */
export const text = z.union([z.string(), z.number()]).transform(String);

/** A field that nothing depends on: whatever it holds, the rest of the answer stays readable. */
export const spare = <T>(schema: z.ZodType<T>) => schema.nullish().catch(undefined);

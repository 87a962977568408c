// Batch orders: items of several orders joined in one print file.
import { z } from "zod";
import { VendorError } from "../vendor.ts";
import { request, type Talk } from "./request.ts";

/** The body of "create batch order" (OMS REST API, batch orders, read 2026-11-22): item uids and template uids. */
export const batchBody = z.strictObject({
  order_items: z.array(z.string().min(1)).min(1),
  print_templates: z.array(z.string().min(1)).min(1),
});
/** What goes into a batch. */
export type BatchBody = z.infer<typeof batchBody>;

/** A batch as the OMS tells it. Of the states only "Batching" is documented, so the OMS's own word is shown. */
export interface Batch {
  uid: string;
  status: string;
}

const told = z.object({
  uid: z.union([z.string().min(1), z.number().int()]).transform(String),
  status: z.string().min(1).catch("taken"),
});

/**
 * Makes a batch ("POST /api/v1/batch-orders"). Twice is two print files of the same items, and no call lists or reads
 * batches: never to be repeated blindly. Throws VendorError; with `lost` the batch may exist.
 */
export async function createBatch(body: BatchBody, { settings, asking }: Talk): Promise<Batch> {
  const json = batchBody.parse(body);
  const reply = await asking.ask(request(settings, { method: "POST", path: "/batch-orders", json }));
  const parsed = told.safeParse(reply.json);
  if (!parsed.success)
    throw new VendorError("retry", "The OMS did not say which batch it made.", {
      status: reply.status,
      lost: true,
    });
  return parsed.data;
}

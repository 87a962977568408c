// A person's decision about an order: reads what the page posted and asks the one function that decides. Nothing is
// decided here, and nothing is known of vendors.
import { z } from "zod";
import {
  addShipment,
  approve,
  dismissNotice,
  doesNotExist,
  giveUp,
  itExists,
  releaseAccount,
  routeAgain,
  sendNow,
  tellShopifyAgain,
  tryAgain,
} from "../orders/decision.server.ts";
import { cancelAtVendor, updateAtVendor } from "../orders/changing.server.ts";
import { checkOrder } from "../orders/checking.server.ts";
import { revokePhotoLink } from "../previews/selection-link.server.ts";
import { listFiles } from "../vendors/files.server.ts";
import { prisma, world } from "../world.server.ts";
import { fieldErrors } from "./field-errors.ts";
import { readEvidence, type Evidence } from "./evidence.server.ts";

/** What came of it: done (a short sentence), refused (why, and what to do), wrong inputs, or what was asked to see. */
export type Decided =
  | { done: string }
  | { refused: string }
  | { errors: Record<string, string> }
  | { evidence: Evidence }
  | { problems: string[] }
  | { files: PartFile[] };

/** A file that a vendor made for a part, and the address in this app where its bytes are. */
export interface PartFile {
  name: string;
  address: string;
}

// Loose on purpose: whether the row is this shop's is asked with every query.
const outOfDate = "The page is out of date. Load it again.";
const id = z.guid(outOfDate);
const text = z.string().trim().max(100, "This is too long.");
const part = { part: id };

const posted = z.discriminatedUnion("intent", [
  z.object({ intent: z.enum(["send now", "approve", "try again", "does not exist"]), ...part }),
  z.object({ intent: z.enum(["give up", "release account", "dismiss notice"]), ...part }),
  z.object({ intent: z.enum(["check", "update at vendor", "cancel at vendor", "list files"]), ...part }),
  z.object({ intent: z.literal("it exists"), ...part, number: text.default("") }),
  z.object({
    intent: z.literal("add shipment"),
    ...part,
    carrier: text.min(1, "Enter the carrier."),
    trackingNumber: text.min(1, "Enter the tracking number."),
    trackingUrl: z
      .union([
        z.literal(""),
        z.url({ protocol: /^https?$/, error: "The link must start with https:// or http://." }),
      ])
      .default(""),
    notify: z.enum(["true", "false"]),
    lines: z.string().transform((json, context) => {
      const lines = linesSchema.safeParse(readJson(json));
      if (lines.success) return lines.data.filter(({ quantity }) => quantity > 0);
      context.addIssue("Enter whole numbers that are not more than what is left.");
      return z.NEVER;
    }),
  }),
  z.object({ intent: z.literal("tell Shopify again"), shipment: id }),
  z.object({ intent: z.literal("route again") }),
  z.object({ intent: z.enum(["take link back", "renew link"]), line: z.string().min(1).max(40) }),
  z.object({ intent: z.literal("show sent"), ...part, personal: z.enum(["true", "false"]) }),
]);

const linesSchema = z
  .array(z.object({ lineId: z.string().max(40), quantity: z.number().int().min(0).max(100_000) }))
  .max(500);

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Does what the page of an order posted. `user` is who did, for the log of who saw personal data. */
export async function decide({
  shop,
  orderId,
  user,
  form,
}: {
  shop: string;
  orderId: string;
  user: string;
  form: FormData;
}): Promise<Decided> {
  const parsed = posted.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { errors: fieldErrors(parsed.error) };
  if (!id.safeParse(orderId).success) return { refused: outOfDate };
  const asked = parsed.data;
  const here = await world();
  switch (asked.intent) {
    case "send now":
      return said(await sendNow(here, { shop, vendorOrderId: asked.part }), "It is being sent.");
    case "approve":
      return said(await approve(here, { shop, vendorOrderId: asked.part }), "Approved. It is being sent.");
    case "try again":
      return said(await tryAgain(here, { shop, vendorOrderId: asked.part }), "It is being tried again.");
    case "it exists":
      return said(
        await itExists(here, {
          shop,
          vendorOrderId: asked.part,
          ...(asked.number && { number: asked.number }),
        }),
        "Noted: the vendor has it.",
      );
    case "does not exist":
      return said(await doesNotExist(here, { shop, vendorOrderId: asked.part }), "It is being sent again.");
    case "give up":
      return said(await giveUp(here, { shop, vendorOrderId: asked.part }), "This part is cancelled.");
    case "dismiss notice":
      return said(await dismissNotice(here, { shop, vendorOrderId: asked.part }), "Dismissed.");
    case "check": {
      const answer = await checkOrder(here, { shop, vendorOrderId: asked.part });
      return "refused" in answer ? { refused: answer.refused } : { problems: answer.problems };
    }
    case "update at vendor":
      return told(await updateAtVendor(here, { shop, vendorOrderId: asked.part }), "The vendor was told.");
    case "cancel at vendor":
      return told(await cancelAtVendor(here, { shop, vendorOrderId: asked.part }), "It is taken back.");
    case "list files":
      return await filesOf({ shop, vendorOrderId: asked.part });
    case "release account":
      return await release({ shop, vendorOrderId: asked.part });
    case "add shipment":
      return said(
        await addShipment(here, {
          shop,
          vendorOrderId: asked.part,
          carrier: asked.carrier,
          trackingNumber: asked.trackingNumber,
          ...(asked.trackingUrl && { trackingUrl: asked.trackingUrl }),
          lines: asked.lines,
          notify: asked.notify === "true",
        }),
        "The parcel is entered. Shopify is being told.",
      );
    case "tell Shopify again":
      return said(
        await tellShopifyAgain(here, { shop, shipmentId: asked.shipment }),
        "Shopify is being told again.",
      );
    case "route again":
      return said(await routeAgain(here, { shop, orderId }), "The order is being looked at again.");
    case "take link back":
    case "renew link": {
      const revoked = asked.intent === "take link back";
      await revokePhotoLink(here.db, { shop, orderId, lineId: asked.line, revoked });
      return { done: revoked ? "The link opens nothing any more." : "The link can be used again." };
    }
    case "show sent": {
      const personal = asked.personal === "true";
      const evidence = await readEvidence({ shop, vendorOrderId: asked.part, personal, user });
      return "refused" in evidence ? evidence : { evidence };
    }
  }
}

function said(answer: { done: true } | { refused: string }, sentence: string): Decided {
  return "refused" in answer ? { refused: answer.refused } : { done: sentence };
}

// What the vendor said stands on the page and in the order's story; a toast is read in a blink.
const longestToast = 80;

function told(answer: { done: true; sentence: string } | { refused: string }, short: string): Decided {
  if ("refused" in answer) return { refused: answer.refused };
  const { sentence } = answer;
  return { done: sentence !== "" && sentence.length <= longestToast ? sentence : short };
}

async function release({ shop, vendorOrderId }: { shop: string; vendorOrderId: string }): Promise<Decided> {
  const row = await prisma.vendorOrder.findFirst({
    where: { id: vendorOrderId, shop },
    select: { connectionId: true },
  });
  if (!row) return { refused: "This part is not there any more. Load the page again." };
  const answer = await releaseAccount(await world(), { shop, connectionId: row.connectionId });
  return said(answer, "The account is released. Its orders go on.");
}

async function filesOf(at: { shop: string; vendorOrderId: string }): Promise<Decided> {
  const answer = await listFiles(await world(), at);
  if ("refused" in answer) return { refused: answer.refused };
  return {
    files: answer.files.map(({ name }) => ({
      name,
      address: `/app/files/${at.vendorOrderId}/${encodeURIComponent(name)}`,
    })),
  };
}

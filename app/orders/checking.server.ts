// What a vendor would say to a part as it would be sent today, without ordering anything.
import { askOpen } from "../connections/ask.server.ts";
import { VendorError } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import { partOf } from "./part.server.ts";
import { readyPictures } from "./pictures.server.ts";
import { checkPrices } from "./prices.server.ts";
import { factsOf, openPart } from "./sent-part.server.ts";
import { standing } from "./standing.ts";

/**
 * Asks the vendor whether it would take a part: problems as sentences, none when it would. What our own check of the
 * vendor's rules finds comes first and is never sent anywhere.
 */
export async function checkOrder(
  world: World,
  which: { shop: string; vendorOrderId: string },
): Promise<{ problems: string[] } | { refused: string }> {
  const found = await openPart(world.db, which);
  if ("refused" in found) return found;
  const { part, open } = found;
  const { vendor, settings } = open;
  const { orders } = vendor;
  if (!orders) return { refused: `${vendor.label} takes no orders.` };
  // Sent since the page was loaded: what it was made from must not be readied anew.
  if (part.status !== "waiting" && part.status !== "held")
    return { refused: standing({ ...part, label: open.row.label }) };
  if (part.lines.length === 0) return { problems: ["No line of this part is left."] };
  let payload: unknown;
  try {
    const facts = factsOf(part);
    const claim = { ...part, connectionId: open.row.id, accountId: open.row.accountId };
    await checkPrices(world.db, { claim, facts, vendor });
    await readyPictures(world, { claim, facts, vendor, settings });
    payload = orders.toPayload(await partOf(world.db, { claim: part, facts, vendor, settings }), settings);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    return { problems: [error.message] };
  }
  const { check } = orders;
  if (!check) return { problems: [] };
  const asked = await askOpen(world, open, (asking) => check(payload, settings, asking));
  if (!("refused" in asked)) return { problems: asked.answer };
  return asked.problem === "rejected" ? { problems: [asked.refused] } : { refused: asked.refused };
}

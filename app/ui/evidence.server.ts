// "Exactly what was sent": the frozen payload and the exchanges of a part, with personal data hidden unless a
// person asks for it. That somebody did is logged.
import { openJson } from "../crypto.server.ts";
import { log } from "../log.server.ts";
import type { OrderFacts } from "../orders/order.ts";
import { prisma } from "../world.server.ts";
import { maskCutText, maskPayload, maskPersonalText, personalValues } from "./mask.ts";
import { exchangesOf } from "./order-page.server.ts";

/** What was sent to a vendor and what it answered, as text to read. */
export interface Evidence {
  /** The payload as indented JSON; absent when nothing was frozen yet or its time is over. */
  payload?: string;
  hash?: string;
  exchanges: { title: string; request?: string; response?: string }[];
  showsPersonal: boolean;
}

interface Asked {
  shop: string;
  vendorOrderId: string;
  /** Whether names, addresses, phones and e-mails are shown. */
  personal: boolean;
  /** Who asks, for the log. */
  user: string;
}

/** Reads the evidence of one part, or a sentence when it cannot be read. */
export async function readEvidence({
  shop,
  vendorOrderId,
  personal,
  user,
}: Asked): Promise<Evidence | { refused: string }> {
  const part = await prisma.vendorOrder.findFirst({
    where: { id: vendorOrderId, shop },
    include: { order: { select: { id: true, facts: true } }, attempts: { orderBy: { number: "asc" } } },
  });
  if (!part) return { refused: "This part is not there any more. Load the page again." };
  if (personal) log.info({ shop, user, order: part.orderId, vendorOrder: part.id }, "personal_data.shown");
  try {
    const facts = part.order.facts
      ? (openJson(part.order.facts, {
          table: "Order",
          column: "facts",
          shop,
          row: part.order.id,
        }) as OrderFacts)
      : undefined;
    const values = facts ? personalValues(facts) : [];
    const text = (value: string | undefined): string | undefined =>
      value === undefined || personal ? value : maskedBody(value, values);
    const payload = part.payload
      ? openJson(part.payload, { table: "VendorOrder", column: "payload", shop, row: part.id })
      : undefined;
    return {
      ...(payload !== undefined && {
        payload: JSON.stringify(personal ? payload : maskPayload(payload, values), null, 2),
      }),
      ...(part.payloadHash && { hash: part.payloadHash }),
      exchanges: part.attempts.flatMap((attempt) =>
        exchangesOf(attempt).map((exchange) => {
          const request = text(exchange.request);
          const response = text(exchange.response);
          return {
            title: `Try ${attempt.number}: ${exchange.method}, ${exchange.status ?? "no answer"}`,
            ...(request !== undefined && { request }),
            ...(response !== undefined && { response }),
          };
        }),
      ),
      showsPersonal: personal,
    };
  } catch (error) {
    log.error({ err: error, vendorOrder: part.id }, "page.evidence_unreadable");
    return {
      refused:
        "What was sent cannot be opened: its encryption key is missing. Put the key back into ENCRYPTION_KEYS.",
    };
  }
}

// A stored body is cut at some length, so it may be JSON or the beginning of it.
function maskedBody(body: string, values: readonly string[]): string {
  try {
    return maskPersonalText(JSON.stringify(maskPayload(JSON.parse(body), values), null, 2), values);
  } catch (error) {
    if (error instanceof SyntaxError) return maskCutText(body, values);
    throw error;
  }
}

// WHCC's workshop: the doors by which a person or another process lets things happen to orders and designs. None of
// them is in WHCC's documents.
import { z } from "zod";
import { html, json, type Call, type Reply, type Route } from "./stand-in.ts";
import { readStrictly } from "./strict.ts";
import { escaped, page } from "./whcc-editor-page.ts";
import { sentenceOf } from "./whcc-errors.ts";
import type { OrderEvents } from "./whcc-events.ts";
import type { Quote } from "./whcc-orders.ts";
import type { Delivery } from "./whcc-webhooks.ts";

interface Given {
  events: OrderEvents;
  confirmed(): Quote[];
  waiting(): number;
  redeliver(): Promise<Delivery[]>;
  changeDesign(editorId: string, make: string): void;
}

const sequence = z.union([z.string().min(1), z.int()]);
const rejectSchema = z.strictObject({
  sequence,
  code: z.string().min(1).default("400.03"),
  error: z.string().optional(),
  assetPath: z.string().optional(),
});
const shipSchema = z.strictObject({
  sequence,
  carrier: z.string().min(1).optional(),
  trackingNumber: z.string().min(1).optional(),
  trackingUrl: z.string().min(1).optional(),
  shipDate: z.string().min(1).optional(),
  weight: z.number().optional(),
});
const designSchema = z.strictObject({ make: z.string().min(1) });

/** Drops what was not given: under exactOptionalPropertyTypes an undefined is not an absence. */
function given<Fields extends object>(fields: Fields): { [Name in keyof Fields]: NonNullable<Fields[Name]> } {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [Name in keyof Fields]: NonNullable<Fields[Name]> };
}

export function workshopRoutes(workshop: Given): Route[] {
  const { events } = workshop;
  const id = (call: Call): string => call.params[0] ?? "";

  /** Runs a step with the body read; what cannot be done is a 400 with the reason. */
  const doing =
    <Value>(schema: z.ZodType<Value>, step: (value: Value, call: Call) => unknown) =>
    async (call: Call): Promise<Reply> => {
      const read = readStrictly(schema, call.raw.length === 0 ? {} : call.body);
      if (!read.ok) return json(400, { error: sentenceOf(read.troubles) });
      try {
        return json(200, { deliveries: (await step(read.value, call)) ?? [] });
      } catch (error) {
        return json(400, { error: error instanceof Error ? error.message : String(error) });
      }
    };
  const nothing = z.strictObject({});

  const doors: [path: string, answer: Route["answer"]][] = [
    ["/workshop/orders/*/accept", doing(nothing, (_, call) => events.accept(id(call)))],
    [
      "/workshop/orders/*/reject",
      doing(rejectSchema, ({ sequence: one, code, ...why }, call) =>
        events.reject(id(call), one, { code, ...given(why) }),
      ),
    ],
    [
      "/workshop/orders/*/ship",
      doing(shipSchema, ({ sequence: one, ...parcel }, call) => events.ship(id(call), one, given(parcel))),
    ],
    ["/workshop/redeliver", doing(nothing, () => workshop.redeliver())],
    [
      "/workshop/editors/*/design",
      doing(designSchema, ({ make }, call) => workshop.changeDesign(id(call), make)),
    ],
  ];
  return [
    { method: "GET", path: "/workshop", aside: true, answer: () => html(200, workshopPage(workshop)) },
    ...doors.map(([path, answer]) => ({ method: "POST", path, aside: true, answer })),
  ];
}

function workshopPage({ confirmed, waiting }: Given): string {
  const rows = confirmed()
    .slice(-100)
    .reverse()
    .flatMap((quote) =>
      quote.entry.Orders.map(({ SequenceNumber, Reference }, at) => {
        const data = `data-order="${escaped(quote.id)}" data-sequence="${escaped(String(SequenceNumber))}"`;
        const accept = at === 0 ? `<button ${data} data-do="accept">Accept all</button> ` : "";
        return `<tr><td>${escaped(quote.entry.EntryId)}</td><td>${escaped(String(SequenceNumber))}</td><td>${escaped(Reference ?? "")}</td>
<td>${accept}<button ${data} data-do="ship">Ship</button> <button ${data} data-do="reject">Reject</button></td></tr>`;
      }),
    );
  const table =
    rows.length === 0
      ? "<p>No orders yet.</p>"
      : `<table><thead><tr><th>Entry</th><th>Sequence</th><th>Reference</th><th>What happens</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
  return page(
    "WHCC workshop",
    `${table}<p><button data-do="redeliver">Send again what was not taken (${waiting()})</button></p><p id="said" role="status"></p><script>${script}</script>`,
  );
}

const script = `
for (const button of document.querySelectorAll("button")) button.onclick = async () => {
  const { order, sequence, do: what } = button.dataset;
  const path = what === "redeliver" ? "redeliver" : "orders/" + order + "/" + what;
  const body = what === "ship" || what === "reject" ? { sequence } : {};
  const answer = await fetch("/workshop/" + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const read = await answer.json();
  document.getElementById("said").textContent = answer.ok ? "Told: " + (read.deliveries.map((d) => d.status).join(", ") || "nobody") : read.error;
};
`;

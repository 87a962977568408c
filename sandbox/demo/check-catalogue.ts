// The products road in the check: the whole catalogue of the demo shop is published to dotcph, and what the agency then
// has is read from its own ledger.
import { waitFor } from "./check.ts";
import type { Merchant } from "./merchant.ts";
import { table } from "./table.ts";
import type { DemoWorld } from "./world.ts";

interface CatalogueEntry {
  reference?: string;
  body: { name?: string; purchase_price?: number; selling_price?: number; is_active?: boolean };
  lines: unknown[];
}

interface CataloguePage {
  isMoving: boolean;
  sync?: { isRunning: boolean; isFailed: boolean; sentence?: string };
  rows: { title: string; sentence: string }[];
  held: number;
}

/** By SKU: name, variants, retail price. The gift card has no SKU and must be held, with a sentence. */
const expected: Record<string, { name: string; variants: number; price: number }> = {
  DOT: { name: "Dot painting kit from your photo", variants: 6, price: 39 },
  MAP: { name: "Custom map print", variants: 2, price: 35 },
  "RING-14K": { name: "Engagement ring, 14 kt gold", variants: 5, price: 890 },
  "RING-2P": { name: "Two-part ring with a setting", variants: 2, price: 1490 },
  ALBUM: { name: "Lay-flat photo album", variants: 2, price: 99 },
  TEE: { name: "Plain T-shirt", variants: 2, price: 19 },
};

/** Publishes everything and compares. `path` is the catalogue page of the connection. */
export async function checkCatalogue(
  world: DemoWorld,
  merchant: Merchant,
  path: string,
): Promise<{ text: string; ok: boolean }> {
  const started = await merchant.post(path, { intent: "publish all" });
  if (!("data" in started && "done" in started.data))
    throw new Error(`publishing the catalogue was refused: ${JSON.stringify(started)}`);
  const page = await waitFor("the catalogue to be published", async () => {
    const now = (await merchant.load(path)) as unknown as CataloguePage;
    return now.sync && !now.sync.isRunning && !now.isMoving ? now : undefined;
  });
  const ledger = await waitFor("dotcph's ledger", async () => {
    const response = await fetch(`${new URL(world.vendorUrls.brand).origin}/_sandbox/ledger`);
    return (await response.json()) as CatalogueEntry[];
  });
  const rows = Object.entries(expected).map(([sku, { name, variants, price }]) => {
    const found = ledger.filter(({ reference }) => reference === sku);
    const [entry] = found;
    const ok =
      found.length === 1 &&
      entry?.body.name === name &&
      entry.lines.length === variants &&
      entry.body.selling_price === price &&
      entry.body.purchase_price === price / 2;
    return { sku, ok, said: entry ? `${entry.body.name ?? ""}, ${entry.lines.length} variants` : "nothing" };
  });
  const isRight = !page.sync?.isFailed && ledger.length === rows.length && page.held === 1;
  return {
    ok: isRight && rows.every(({ ok }) => ok),
    text: [
      table(
        ["dotcph's SKU", "What it truly has", ""],
        rows.map(({ sku, said, ok }) => [sku, said, ok ? "ok" : "WRONG"]),
      ),
      `Held: ${page.held} (the gift card has no SKU)${isRight ? "" : `  WRONG: ${ledger.length} products at dotcph, ${JSON.stringify(page.sync)}`}`,
    ].join("\n"),
  };
}

// Tools about single designs: open it again, copy it, see what it would be ordered as.
import { defineTool, refuse, type AnyTool, type ToolCalls } from "../vendor.ts";
import { account, accountOf } from "./account.ts";
import { editorApi, type Api } from "./client.ts";
import { describe, exportEditors } from "./design.ts";
import { cloneEditor, fetchEditLink, fetchEditor } from "./editors.ts";
import { makeOnce } from "./once.ts";
import type { Settings } from "./settings.ts";
import { startDesign } from "./start-design.ts";

const group = "Designs";
const editor = {
  key: "editorId",
  kind: "text",
  label: "Editor ID",
  help: "As in the line item property of an order.",
  pattern: { regex: "[A-Za-z0-9_-]{1,30}", message: "An editor ID has at most 30 letters and digits." },
} as const;

// An account that was named once for a design need not be named again.
async function apiOf(
  input: { accountId?: string | undefined; editorId: string },
  settings: Settings,
  calls: ToolCalls,
): Promise<Api> {
  const kept = input.accountId?.trim() ? undefined : await calls.kept(`account:${input.editorId}`);
  return editorApi(accountOf(input.accountId ?? kept, settings), settings, calls);
}

const open = defineTool<Settings>()({
  id: "open-design",
  label: "Open a design again",
  help: "Brings a new address for one visit to a design, to look at it or to let the shopper correct it.",
  group,
  fields: [editor, account],
  run: async (input, settings, calls) => {
    const href = await fetchEditLink(await apiOf(input, settings, calls), input.editorId);
    return {
      sentence: "The address works for one visit.",
      table: { columns: ["Address of the editor"], rows: [[{ text: "Open the editor", href }]] },
    };
  },
});

const copy = defineTool<Settings>()({
  id: "copy-design",
  label: "Copy a design",
  help: "Makes a copy that the shopper's further changes do not touch.",
  group,
  fields: [editor, account],
  confirm: "Copy this design at WHCC? It costs nothing until it is ordered.",
  run: (input, settings, calls) =>
    makeOnce({ name: `copy:${input.editorId}`, what: "copy" }, calls, async () => {
      const editorId = await cloneEditor(await apiOf(input, settings, calls), input.editorId);
      const from =
        input.accountId?.trim() || (await calls.kept(`account:${input.editorId}`)) || settings.accountId;
      if (from) await calls.keep(`account:${editorId}`, from);
      return { sentence: "The design was copied.", facts: [["Editor ID of the copy", editorId]] };
    }),
});

const photos = defineTool<Settings>()({
  id: "read-design",
  label: "Photos of a design",
  help: "Where WHCC will read the photos of a design when it prints them.",
  group,
  fields: [editor, account],
  run: async (input, settings, calls) => {
    const found = await fetchEditor(await apiOf(input, settings, calls), input.editorId);
    const rows = found.photos ?? [];
    return {
      sentence:
        rows.length === 0
          ? "This design has no photos."
          : `${rows.length === 1 ? "One photo" : `${rows.length} photos`}.`,
      facts: (
        [
          ["Product ID", found.productId],
          ["Design ID", found.designId],
          ["Account ID", found.userId],
        ] as const
      ).flatMap(([label, value]) => (value ? [[label, value] as const] : [])),
      ...(rows.length > 0 && {
        table: {
          columns: ["Photo", "Printed from"],
          rows: rows.map(({ id, name, url, printUrl }) => {
            const from = printUrl ?? url ?? "";
            return [name ?? id ?? "", /^https?:\/\//.test(from) ? { text: from, href: from } : from];
          }),
        },
      }),
    };
  },
});

const look = defineTool<Settings>()({
  id: "look-at-design",
  label: "Look at a design",
  help: "What a finished design would be ordered as: the product number for the products page, its choices and its price. Orders nothing.",
  group,
  fields: [editor, account],
  run: async (input, settings, calls) => {
    const { items, order } = await exportEditors(await apiOf(input, settings, calls), {
      editors: [{ editorId: input.editorId }],
    });
    const item =
      items.find(({ id }) => id === input.editorId) ?? refuse("WHCC answered about another design.");
    const price = item.pricing?.unitBasePrice;
    const numbers = productUidsIn(order.Orders);
    const preview = Object.values(item.editor?.productPreviews ?? {})[0];
    const image = preview?.scale_512 ?? preview?.scale_256;
    return {
      sentence: "This is how WHCC would make it.",
      facts: [
        ["Product number", numbers.join(", ")],
        ["Choices", describe(item.editor?.selectionsSummary ?? [])],
        ["Price of one piece", price === undefined ? "unknown" : `USD ${price.toFixed(2)}, without shipping`],
      ],
      ...(image !== undefined && { image }),
    };
  },
});

function productUidsIn(orders: readonly Record<string, unknown>[]): string[] {
  const items = orders.flatMap(({ OrderItems }) =>
    Array.isArray(OrderItems) ? (OrderItems as unknown[]) : [],
  );
  const numbers = items.flatMap((item) =>
    typeof item === "object" && item !== null && "ProductUID" in item ? [String(item.ProductUID)] : [],
  );
  return [...new Set(numbers)];
}

/** The tools of this file. */
export const designTools: readonly AnyTool<Settings>[] = [startDesign, open, copy, photos, look];

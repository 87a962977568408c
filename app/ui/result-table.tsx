// The table of a tool's result: scrolls sideways inside itself, shows a page at a time, and can be saved whole.
import { BlockStack, Button, InlineStack, Link, Pagination, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { toCsv } from "./csv.ts";
import { download } from "./download.ts";
import type { ShownCell, ShownResult } from "./tool-page.server.ts";

type Table = NonNullable<ShownResult["table"]>;

const pageSize = 50;

/** The rows that have the text somewhere; all of them for an empty text. Pure. */
export function rowsWith(rows: ShownCell[][], search: string): ShownCell[][] {
  const text = search.trim().toLowerCase();
  if (text === "") return rows;
  return rows.filter((row) => row.some((cell) => cell.text.toLowerCase().includes(text)));
}

/** The table. Long ones get a search and pages. */
export function ResultTable({ table, name }: { table: Table; name: string }) {
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
  const rows = rowsWith(table.rows, search);
  const shown = rows.slice(page * pageSize, (page + 1) * pageSize);
  const isLong = table.rows.length > pageSize;
  if (table.rows.length === 0)
    return (
      <Text as="p" tone="subdued">
        There are no rows.
      </Text>
    );
  return (
    <BlockStack gap="300">
      {isLong && (
        <TextField
          label="Search in these rows"
          type="search"
          value={search}
          onChange={(text) => {
            setSearch(text);
            setPage(0);
          }}
          autoComplete="off"
          maxLength={100}
        />
      )}
      <Rows columns={table.columns} rows={shown} />
      <InlineStack gap="300" align="space-between" blockAlign="center">
        <div role="status">
          <Text as="span" variant="bodySm" tone="subdued">
            {isLong && rows.length > 0
              ? `${page * pageSize + 1} to ${Math.min((page + 1) * pageSize, rows.length)} of ${rows.length}`
              : rows.length === 1
                ? "1 row"
                : `${rows.length} rows`}
          </Text>
        </div>
        {rows.length > pageSize && (
          <Pagination
            hasPrevious={page > 0}
            onPrevious={() => setPage(page - 1)}
            hasNext={(page + 1) * pageSize < rows.length}
            onNext={() => setPage(page + 1)}
            accessibilityLabels={{ previous: "Earlier rows", next: "Next rows" }}
          />
        )}
        <Button
          onClick={() =>
            download({
              name: `${name}.csv`,
              type: "text/csv",
              text: toCsv(
                table.columns,
                table.rows.map((row) => row.map((cell) => (cell.isNumber ? Number(cell.text) : cell.text))),
              ),
            })
          }
        >
          Save as CSV
        </Button>
      </InlineStack>
    </BlockStack>
  );
}

const cell = { padding: "0.5rem 0.75rem", borderBottom: "1px solid var(--p-color-border)" } as const;

// A plain table, not Polaris's DataTable: that one hides its first column's heading from a screen reader while it
// scrolls sideways, and cannot be reached by keyboard then.
function Rows({ columns, rows }: { columns: string[]; rows: ShownCell[][] }) {
  return (
    <div tabIndex={0} role="region" aria-label="Result, as a table" style={{ overflowX: "auto" }}>
      <table style={{ width: "100%", borderCollapse: "collapse" }}>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th
                key={index}
                scope="col"
                style={{
                  ...cell,
                  textAlign: rows[0]?.[index]?.isNumber ? "end" : "start",
                  whiteSpace: "nowrap",
                }}
              >
                <Text as="span" variant="bodySm" fontWeight="semibold">
                  {column}
                </Text>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((one, at) => (
                <td
                  key={at}
                  style={{
                    ...cell,
                    verticalAlign: "top",
                    textAlign: one.isNumber ? "end" : "start",
                    // Breaks only what is longer than a whole column; "anywhere" would squeeze a short key.
                    maxWidth: "32rem",
                    overflowWrap: "break-word",
                    // A price, a size or a key stays in one piece.
                    ...(one.text.length <= 20 && { whiteSpace: "nowrap" }),
                  }}
                >
                  <Cell cell={one} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ cell: { text, href } }: { cell: ShownCell }) {
  if (href === undefined) return <Text as="span">{text}</Text>;
  return (
    <Link url={href} target="_blank">
      {text}
    </Link>
  );
}

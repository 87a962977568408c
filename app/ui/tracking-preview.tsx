// The pasted parcels as they will be taken, and afterwards what came of each.
import { Badge, BlockStack, Box, DataTable, InlineStack, Text } from "@shopify/polaris";
import type { TrackingRow } from "./tracking-rows.ts";

/** What came of one pasted line, by its line number. */
export type Outcomes = Record<number, string | undefined>;

interface PreviewProps {
  rows: TrackingRow[];
  leftOut: number;
  /** Set once the rows were entered: the problem of a line, or nothing when it went in. */
  outcomes?: Outcomes | undefined;
}

/** The table, with a sentence above it that sums it up. */
export function TrackingPreview({ rows, leftOut, outcomes }: PreviewProps) {
  const bad = rows.filter((row) => row.problem !== undefined).length;
  return (
    <BlockStack gap="300">
      {!outcomes && (
        <Text as="p" fontWeight="semibold">
          {canBeTaken(rows.length - bad, rows.length)}
        </Text>
      )}
      {leftOut > 0 && (
        <Text as="p" fontWeight="semibold">
          {leftOut === 1
            ? "One more line is left out: enter it afterwards."
            : `${leftOut} more lines are left out: enter them afterwards.`}
        </Text>
      )}
      <Box borderWidth="025" borderColor="border" borderRadius="200" overflowX="scroll">
        <DataTable
          columnContentTypes={["numeric", "text", "text", "text", "text"]}
          headings={["Line", "Reference", "Carrier", "Tracking number", "Result"]}
          rows={rows.map((row) => [
            row.line,
            row.reference,
            row.carrier,
            row.trackingNumber,
            <Result key={row.line} row={row} outcomes={outcomes} />,
          ])}
        />
      </Box>
    </BlockStack>
  );
}

function canBeTaken(good: number, all: number): string {
  if (all === 1) return good === 1 ? "This line can be taken." : "This line cannot be taken.";
  return `${good} of ${all} lines can be taken.`;
}

function Result({ row, outcomes }: { row: TrackingRow; outcomes: Outcomes | undefined }) {
  const problem = row.problem ?? outcomes?.[row.line];
  if (problem)
    return (
      <InlineStack gap="100">
        <Badge tone="critical">Not taken</Badge>
        <span style={{ whiteSpace: "normal", minWidth: "14rem" }}>{problem}</span>
      </InlineStack>
    );
  return outcomes ? <Badge tone="success">Entered</Badge> : <Badge>Ready</Badge>;
}

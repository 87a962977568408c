// What a tool answered: its sentence, what a person should know, facts, a table, a picture and a file.
import {
  Banner,
  BlockStack,
  Box,
  Button,
  Card,
  InlineGrid,
  InlineStack,
  List,
  SkeletonBodyText,
  Text,
} from "@shopify/polaris";
import { useEffect, useRef } from "react";
import { downloadBytes } from "./download.ts";
import { ResultTable } from "./result-table.tsx";
import type { ShownResult, ToolAnswer } from "./tool-page.server.ts";
import { Fact } from "./words.tsx";

interface ResultProps {
  /** Absent before the first run and while one is going on. */
  answer: ToolAnswer | undefined;
  running: boolean;
  /** What a table is called when it is saved. */
  name: string;
  vendorLabel: string;
}

/** The answer, or that it is on its way. A new one gets the keyboard, so that nobody has to look for it. */
export function ToolResultView({ answer, running, name, vendorLabel }: ResultProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (answer && !("errors" in answer)) place.current?.focus();
  }, [answer]);
  return (
    <div ref={place} tabIndex={-1} style={{ outline: "none" }} aria-live="polite" aria-busy={running}>
      {running && (
        <Card>
          <BlockStack gap="300">
            <Text as="p">{`${vendorLabel} is being asked…`}</Text>
            <SkeletonBodyText lines={3} />
          </BlockStack>
        </Card>
      )}
      {answer && "refused" in answer && (
        <Banner tone="critical" title="That was not done">
          {answer.refused}
        </Banner>
      )}
      {answer && "result" in answer && <Result key={answer.result.at} result={answer.result} name={name} />}
    </div>
  );
}

function Result({ result, name }: { result: ShownResult; name: string }) {
  const { sentence, warnings, facts, table, image, file } = result;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Result
        </Text>
        <Text as="p" breakWord>
          {sentence}
        </Text>
        {warnings.length > 0 && (
          <Banner tone="warning" title={warnings.length === 1 ? "One thing to look at" : "Things to look at"}>
            <List>
              {warnings.map((warning, index) => (
                <List.Item key={index}>{warning}</List.Item>
              ))}
            </List>
          </Banner>
        )}
        {file && (
          <InlineStack>
            <Button variant="primary" onClick={() => downloadBytes(file)}>
              {`Download ${file.name}`}
            </Button>
          </InlineStack>
        )}
        {facts.length > 0 && (
          <InlineGrid columns={{ xs: 1, sm: 3 }} gap="300">
            {facts.map(({ label, value }, index) => (
              <Fact key={index} label={label}>
                {value}
              </Fact>
            ))}
          </InlineGrid>
        )}
        {image && (
          <Box>
            <img
              src={image}
              alt={sentence}
              referrerPolicy="no-referrer"
              style={{ maxWidth: "100%", maxHeight: "32rem", display: "block" }}
            />
          </Box>
        )}
        {table && <ResultTable table={table} name={name} />}
      </BlockStack>
    </Card>
  );
}

// The tries at a vendor, each a sentence, with the requests it took.
import { BlockStack, Button, Collapsible, InlineStack, List, Text } from "@shopify/polaris";
import { useState } from "react";
import { Moment } from "./moment.tsx";
import type { PartView } from "./order-page.server.ts";

/** All tries of a part, latest first; closed at first, because most orders need one. */
export function Tries({ part }: { part: PartView }) {
  const [open, setOpen] = useState(false);
  const id = `tries-${part.id}`;
  if (part.attempts.length === 0) return null;
  const count = part.attempts.length + part.attemptsLeftOut;
  return (
    <BlockStack gap="200">
      <InlineStack>
        <Button
          variant="plain"
          disclosure={open ? "up" : "down"}
          ariaControls={id}
          ariaExpanded={open}
          onClick={() => setOpen(!open)}
        >
          {count === 1 ? "One try" : `${count} tries`}
        </Button>
      </InlineStack>
      <Collapsible id={id} open={open}>
        <BlockStack gap="300">
          {part.attempts.map((attempt) => (
            <BlockStack key={attempt.id} gap="100">
              <Text as="p" breakWord>
                {attempt.sentence}
              </Text>
              <Text as="p" variant="bodySm" tone="subdued">
                <Moment at={attempt.at} />
              </Text>
              {attempt.exchanges.length > 0 && (
                <List>
                  {attempt.exchanges.map((exchange, index) => (
                    <List.Item key={index}>
                      <Text as="span" variant="bodySm" breakWord>
                        {exchange.method} {exchange.path}: {exchange.status ?? "no answer"},{" "}
                        {exchange.milliseconds} ms
                        {exchange.kind === "commit" ? " (this is the request that orders)" : ""}
                      </Text>
                    </List.Item>
                  ))}
                </List>
              )}
            </BlockStack>
          ))}
          {part.attemptsLeftOut > 0 && (
            <Text as="p" tone="subdued">
              {notShown(part.attemptsLeftOut)}
            </Text>
          )}
        </BlockStack>
      </Collapsible>
    </BlockStack>
  );
}

/** What is said below the tries that are shown. */
export function notShown(earlier: number): string {
  return earlier === 1 ? "One earlier try is not shown." : `${earlier} earlier tries are not shown.`;
}

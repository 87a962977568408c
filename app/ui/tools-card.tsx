// The tools of a connection's vendor, under their headings; each leads to a page of its own.
import { BlockStack, Button, Card, Collapsible, Divider, InlineStack, Text } from "@shopify/polaris";
import { Fragment, useId, useState } from "react";
import { inGroups, toolAddress, type ToolView } from "./tools.ts";

interface ToolsCardProps {
  vendor: { id: string; label: string };
  connectionId: string;
  tools: ToolView[];
}

// More would push the settings below out of sight: then only the first heading is open.
const shownAtOnce = 6;

/** All tools; nothing for a vendor without any. */
export function ToolsCard({ vendor, connectionId, tools }: ToolsCardProps) {
  if (tools.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            Tools
          </Text>
          <Text as="p" tone="subdued">
            {`What ${vendor.label} can do beside taking orders.`}
          </Text>
        </BlockStack>
        {inGroups(tools).map(({ group, tools: list }, index) => (
          <Group
            key={group}
            name={group}
            isOpenAtFirst={index === 0 || tools.length <= shownAtOnce}
            to={(tool) => toolAddress({ vendor: vendor.id, connection: connectionId, tool })}
            tools={list}
          />
        ))}
      </BlockStack>
    </Card>
  );
}

interface GroupProps {
  name: string;
  isOpenAtFirst: boolean;
  to: (tool: string) => string;
  tools: ToolView[];
}

function Group({ name, isOpenAtFirst, to, tools }: GroupProps) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  const id = useId();
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        <Button
          variant="plain"
          textAlign="start"
          disclosure={isOpen ? "up" : "down"}
          ariaExpanded={isOpen}
          ariaControls={id}
          onClick={() => setIsOpen(!isOpen)}
        >
          {`${name} (${tools.length})`}
        </Button>
      </Text>
      <Collapsible id={id} open={isOpen}>
        <BlockStack gap="200">
          {tools.map((tool, index) => (
            <Fragment key={tool.id}>
              {index > 0 && <Divider />}
              <InlineStack gap="300" align="space-between" blockAlign="center">
                <div style={{ flex: "1 1 16rem", minWidth: 0 }}>
                  <Text as="p" fontWeight="medium" breakWord>
                    {tool.label}
                  </Text>
                  <Text as="p" variant="bodySm" tone="subdued" breakWord>
                    {tool.help}
                  </Text>
                </div>
                <Button url={to(tool.id)} accessibilityLabel={`Open ${tool.label}`}>
                  Open
                </Button>
              </InlineStack>
            </Fragment>
          ))}
        </BlockStack>
      </Collapsible>
    </BlockStack>
  );
}

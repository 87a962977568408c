// Above the products: how many are chosen, and what connected vendors can do with them.
import { ActionList, Box, Button, InlineStack, Popover, Text } from "@shopify/polaris";
import { useNavigate } from "@remix-run/react";
import { useState } from "react";
import { withChosen, type OfferedTool } from "./tools.ts";

interface ProductActionsProps {
  /** Shopify's numbers of the chosen products. */
  chosen: string[];
  tools: OfferedTool[];
  onClear: () => void;
}

/** The bar. Its tools lead to their own pages, where what was chosen is shown again before anything happens. */
export function ProductActions({ chosen, tools, onClear }: ProductActionsProps) {
  const [isOpen, setIsOpen] = useState(false);
  const navigate = useNavigate();
  return (
    <Box padding="300" borderBlockEndWidth="025" borderColor="border">
      <InlineStack gap="300" blockAlign="center">
        <Popover
          active={isOpen}
          onClose={() => setIsOpen(false)}
          activator={
            <Button disclosure disabled={chosen.length === 0} onClick={() => setIsOpen(!isOpen)}>
              With the chosen products
            </Button>
          }
        >
          <ActionList
            actionRole="menuitem"
            items={tools.map(({ label, to }) => ({
              content: label,
              onAction: () => navigate(withChosen(to, chosen)),
            }))}
          />
        </Popover>
        <div role="status">
          <Text as="span" tone="subdued">
            {chosen.length === 0 ? "Choose products to do something with them." : `${chosen.length} chosen`}
          </Text>
        </div>
        {chosen.length > 0 && (
          <Button variant="plain" onClick={onClear}>
            Choose none
          </Button>
        )}
      </InlineStack>
    </Box>
  );
}

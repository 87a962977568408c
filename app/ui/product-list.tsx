// The rows of the products page: products with their variants, or the choices that were made.
import { BlockStack, Box, Button, Checkbox, InlineStack, Text, Thumbnail } from "@shopify/polaris";
import { useState } from "react";
import type { BadgeLook } from "./standing.ts";
import { variantName } from "./products.ts";
import { Standing } from "./words.tsx";

// A product may have two thousand variants; a page that shows all at once is slow and says nothing.
const shownVariants = 10;

/** One variant as a row shows it. */
export interface VariantRow {
  variantId: string;
  title: string;
  sku?: string | undefined;
  badge: BadgeLook;
}

/** One product with its variants. */
export function ProductView({
  title,
  image,
  counts,
  variants,
  choosing,
}: {
  title: string;
  image?: string | undefined;
  /** Whether it is chosen for something; absent where nothing can be done with products. */
  choosing?: { isOn: boolean; isFull: boolean; onChange: (isOn: boolean) => void } | undefined;
  /** Of all its variants. */
  counts: { all: number; chosen: number };
  /** Those that the view shows. */
  variants: (Omit<VariantRow, "variantId"> & { id: string })[];
}) {
  const [isOpen, setIsOpen] = useState(false);
  const shown = isOpen ? variants : variants.slice(0, shownVariants);
  return (
    <Box padding="300" borderBlockEndWidth="025" borderColor="border">
      <BlockStack gap="200">
        <InlineStack gap="300" blockAlign="center" wrap={false}>
          {choosing && (
            <Checkbox
              label={`Choose ${title}`}
              labelHidden
              checked={choosing.isOn}
              disabled={choosing.isFull && !choosing.isOn}
              onChange={choosing.onChange}
            />
          )}
          {image && <Thumbnail source={image} alt="" size="small" />}
          <BlockStack>
            <Text as="h2" fontWeight="semibold" breakWord>
              {title}
            </Text>
            {counts.all > 1 && (
              <Text as="p" variant="bodySm" tone="subdued">
                {`${counts.chosen} of ${counts.all} variants chosen`}
              </Text>
            )}
          </BlockStack>
        </InlineStack>
        {shown.map((variant) => (
          <VariantView
            key={variant.id}
            row={{ ...variant, variantId: variant.id }}
            label={variant.title === "Default Title" ? "" : variant.title}
            full={variantName(title, variant.title)}
          />
        ))}
        {variants.length > shownVariants && (
          <InlineStack>
            <Button
              variant="plain"
              ariaExpanded={isOpen}
              disclosure={isOpen ? "up" : "down"}
              onClick={() => setIsOpen(!isOpen)}
            >
              {isOpen
                ? "Show fewer"
                : variants.length === counts.all
                  ? `Show all ${counts.all} variants`
                  : `Show all ${variants.length} that are not chosen`}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </Box>
  );
}

/** One choice that was made, without its product around it. */
export function ChoiceView({ row }: { row: VariantRow }) {
  return (
    <Box padding="300" borderBlockEndWidth="025" borderColor="border">
      <VariantView row={row} label={row.title} full={row.title} />
    </Box>
  );
}

function VariantView({ row, label, full }: { row: VariantRow; label: string; full: string }) {
  const verb = row.badge.tone === "success" ? "Change" : "Choose";
  return (
    <InlineStack gap="300" align="space-between" blockAlign="center">
      <div style={{ flex: "1 1 12rem", minWidth: 0 }}>
        {label && (
          <Text as="p" breakWord>
            {label}
          </Text>
        )}
        <Text as="p" variant="bodySm" tone="subdued" breakWord>
          {row.sku ? `SKU ${row.sku}` : "No SKU"}
        </Text>
      </div>
      <InlineStack gap="200" blockAlign="center">
        <Standing look={row.badge} />
        <Button url={`/app/products/${row.variantId}`} accessibilityLabel={`${verb} what ${full} is`}>
          {verb}
        </Button>
      </InlineStack>
    </InlineStack>
  );
}

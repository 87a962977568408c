// The rows of a list with numbered pages: dimmed while others are on their way, with the pages at its foot.
import { Box, InlineStack, Pagination, Text } from "@shopify/polaris";
import { useNavigate, useNavigation, useSearchParams } from "@remix-run/react";
import type { ReactNode } from "react";

interface PagedRowsProps {
  /** From 1. */
  page: number;
  pages: number;
  /** How many products all pages have together. */
  total: number;
  children: ReactNode;
}

/** The rows of products. The page stands in the address, so that the way back leads where it came from. */
export function PagedRows({ page, pages, total, children }: PagedRowsProps) {
  const navigate = useNavigate();
  const isLoading = useNavigation().state === "loading";
  const [parameters] = useSearchParams();
  const turn = (to: number): void => {
    const next = new URLSearchParams(parameters);
    next.set("page", String(to));
    navigate(`?${next.toString()}`);
  };
  return (
    <>
      <div aria-busy={isLoading} style={{ opacity: isLoading ? 0.6 : 1 }}>
        {children}
      </div>
      {pages > 1 && (
        <Box padding="300">
          <InlineStack align="center" gap="300" blockAlign="center">
            <Text as="span" variant="bodySm" tone="subdued">
              {`Page ${page} of ${pages}, ${total} products`}
            </Text>
            <Pagination
              hasPrevious={page > 1}
              onPrevious={() => turn(page - 1)}
              hasNext={page < pages}
              onNext={() => turn(page + 1)}
              accessibilityLabels={{ previous: "Earlier products", next: "Next products" }}
            />
          </InlineStack>
        </Box>
      )}
    </>
  );
}

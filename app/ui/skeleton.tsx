// What stands on the screen while the next page is on its way.
import {
  BlockStack,
  Box,
  Card,
  SkeletonBodyText,
  SkeletonDisplayText,
  SkeletonPage,
  Text,
} from "@shopify/polaris";

/** The outline of a page: a title and two cards, the height of most first screens, so that little moves after it. */
export function PageSkeleton() {
  return (
    <Box>
      <div role="status">
        <Text as="p" visuallyHidden>
          Loading the page
        </Text>
      </div>
      <SkeletonPage>
        <BlockStack gap="400">
          <Card>
            <BlockStack gap="300">
              <SkeletonDisplayText size="small" />
              <SkeletonBodyText lines={4} />
            </BlockStack>
          </Card>
          <Card>
            <SkeletonBodyText lines={10} />
          </Card>
        </BlockStack>
      </SkeletonPage>
    </Box>
  );
}

// How the preview gets onto the product page: two buttons into the theme editor, and whether it was seen there.
import { BlockStack, Button, Card, InlineStack, List, Text } from "@shopify/polaris";
import type { StorefrontPage } from "./storefront-page.server.ts";
import { Standing } from "./words.tsx";

type ThemeFacts = "links" | "badge" | "counts" | "proxyPath";

/** The cards of the block and of the pictures in the cart. */
export function StorefrontTheme({ page }: { page: Pick<StorefrontPage, ThemeFacts> }) {
  const { links, badge, counts, proxyPath } = page;
  return (
    <BlockStack gap="400">
      <Card>
        <BlockStack gap="300">
          <InlineStack gap="200" blockAlign="center">
            <Text as="h2" variant="headingMd">
              Preview on the product page
            </Text>
            <Standing look={badge} />
          </InlineStack>
          <Text as="p">
            Shoppers add a photo, see it as a painting and put that painting into the cart. Only the variants
            in this page’s list ask for a photo.
          </Text>
          <List type="number">
            <List.Item>Press the button: the theme editor opens with the block in place.</List.Item>
            <List.Item>
              If your kits use a template of their own, choose it at the top of the editor first.
            </List.Item>
            <List.Item>Move the block where it fits, then press Save in the editor.</List.Item>
            <List.Item>
              Open a product in your shop. It shows here as seen as soon as the block has come into view.
            </List.Item>
          </List>
          <InlineStack gap="200">
            {/* Without a product there is something else to do first: the list below says what. */}
            <Button variant={counts.products > 0 ? "primary" : "secondary"} url={links.block} target="_blank">
              Add the block to the theme
            </Button>
            <Button url={links.section} target="_blank">
              Add it as a section of its own
            </Button>
          </InlineStack>
          <Text as="p" variant="bodySm" tone="subdued">
            The second button is for themes whose product section takes no apps. Switch dynamic checkout
            buttons off on these products: a shopper who pays with them may skip the photo.
            {proxyPath !== undefined && ` Your shop reaches Makerlane under ${proxyPath}.`}
          </Text>
        </BlockStack>
      </Card>
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            Paintings in the cart
          </Text>
          <Text as="p">
            An extra, off until you switch it on: the cart shows the chosen painting in place of the product’s
            picture. You see whether it is on in the theme editor, under App embeds; Makerlane does not ask
            for access to your themes.
          </Text>
          <InlineStack>
            <Button url={links.cart} target="_blank">
              Switch it on in the theme editor
            </Button>
          </InlineStack>
        </BlockStack>
      </Card>
    </BlockStack>
  );
}

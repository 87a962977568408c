// A line that was bought without a photo: the link for its shopper, and what became of it.
import { BlockStack, Text } from "@shopify/polaris";
import { Moment } from "./moment.tsx";
import type { PictureView } from "./order-pictures.server.ts";

/** The link and its state. */
export function PhotoAsk({ picture: { link, needsPhoto } }: { picture: PictureView }) {
  return (
    <BlockStack gap="200">
      {needsPhoto && (
        <Text as="p">
          Nothing was sent: this line has no photo that it could be made from. Send the shopper the link to
          add one; the order then goes on by itself.
        </Text>
      )}
      {link && (
        <Text as="p" tone="subdued">
          {link.usedAt ? (
            <>
              The link was used <Moment at={link.usedAt} />. It opens nothing any more.
            </>
          ) : link.openedAt ? (
            <>
              The shopper opened the link <Moment at={link.openedAt} />, and has not chosen yet. It is good
              until <Moment at={link.expiresAt} />.
            </>
          ) : (
            <>
              The link was not opened yet. It is good until <Moment at={link.expiresAt} />.
            </>
          )}
        </Text>
      )}
    </BlockStack>
  );
}

// The pictures of an order: what the shopper chose beside what the vendor makes it from, and lines without one.
import { Badge, BlockStack, Card, Divider, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import { Fragment } from "react";
import { Moment } from "./moment.tsx";
import type { PictureView } from "./order-pictures.server.ts";
import { PhotoAsk } from "./photo-ask.tsx";
import { PrivatePicture } from "./private-picture.tsx";

/** The card; nothing when no line has or needs a picture. */
export function PicturesCard({ pictures }: { pictures: PictureView[] }) {
  if (pictures.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Pictures
        </Text>
        {pictures.map((picture, index) => (
          <Fragment key={picture.lineId}>
            {index > 0 && <Divider />}
            <LinePictures picture={picture} />
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}

function LinePictures({ picture }: { picture: PictureView }) {
  const { title, quantity, look, chosenAt } = picture;
  return (
    <BlockStack gap="300">
      <InlineStack gap="200" align="space-between" blockAlign="center">
        <Text as="h3" fontWeight="semibold" breakWord>
          {quantity} × {title}
        </Text>
        <Standing picture={picture} />
      </InlineStack>
      {look !== undefined && (
        <Text as="p" tone="subdued">
          Look: {look}
          {chosenAt && (
            <>
              , chosen <Moment at={chosenAt} />
            </>
          )}
        </Text>
      )}
      {picture.hasPicture && <Shown picture={picture} />}
      {picture.madeAgain && <MadeAgain madeAgain={picture.madeAgain} isSent={picture.isFrozen} />}
      <File picture={picture} />
      {picture.ask && (
        <PhotoAsk ask={picture.ask} lineId={picture.lineId} title={title} hasPicture={picture.hasPicture} />
      )}
    </BlockStack>
  );
}

function Standing({ picture }: { picture: PictureView }) {
  // As the part's own badge says it: a person is asked for something, and nothing went wrong.
  if (picture.ask && (picture.ask.isWaiting || !picture.ask.usedAt))
    return <Badge tone="attention">Needs a photo</Badge>;
  if (!picture.hasPicture) return null;
  if (picture.sentAt && picture.isFrozen) return <Badge tone="info">The vendor has it</Badge>;
  return picture.madeAgain ? <Badge tone="attention">Made again</Badge> : <Badge>Chosen</Badge>;
}

function Shown({ picture }: { picture: PictureView }) {
  const { title, lineId, seen, photo, madeAgain, file, isFrozen } = picture;
  if (!seen && !photo && !file?.address)
    return (
      <Text as="p" tone="subdued">
        The pictures are deleted: the shopper asked for it, or their time was over.
      </Text>
    );
  return (
    <InlineGrid columns={{ xs: 1, sm: 2, lg: 3 }} gap="300">
      {seen && (
        <PrivatePicture
          address={seen}
          label="What the shopper chose"
          alt={`${title}: what the shopper chose`}
          name={`${lineId}-chosen.webp`}
        />
      )}
      {madeAgain?.picture && (
        <PrivatePicture
          address={madeAgain.picture}
          label="Made again, and ordered"
          alt={`${title}: the preview that was made again`}
          name={`${lineId}-made-again.webp`}
        />
      )}
      {file?.address ? (
        <PrivatePicture
          address={file.address}
          label={isFrozen ? "The very file it is made from" : "The file it will be made from"}
          alt={`${title}: the file for the vendor`}
          name={`${lineId}-file.jpg`}
        />
      ) : (
        photo && (
          <PrivatePicture
            address={photo.whole}
            shown={photo.small}
            label="The shopper’s photo"
            alt={`${title}: the shopper’s photo`}
            name={`${lineId}-photo.jpg`}
          />
        )
      )}
    </InlineGrid>
  );
}

function MadeAgain({
  madeAgain,
  isSent,
}: {
  madeAgain: NonNullable<PictureView["madeAgain"]>;
  isSent: boolean;
}) {
  const why =
    madeAgain.why === "size"
      ? "The shopper paid for another size than they looked at, so the preview had to be made again from the same photo."
      : "The preview that the shopper saw was too old to be ordered, so it had to be made again from the same photo.";
  const state =
    madeAgain.state === "ready"
      ? "Both pictures are above."
      : madeAgain.state === "failed" || madeAgain.state === "missing"
        ? `That did not work${madeAgain.sentence ? `: ${madeAgain.sentence}` : "."}`
        : // The vendor keeps a preview for a week only: after that it is over, and the order has long been made from it.
          isSent
          ? "The vendor was sent the new one."
          : "It is being made; the order goes on by itself.";
  return (
    <Text as="p" breakWord>
      {why} {state}
    </Text>
  );
}

function File({ picture }: { picture: PictureView }) {
  const { file, isFrozen, sentAt } = picture;
  if (!file) return null;
  return (
    <Text as="p" variant="bodySm" tone="subdued" breakWord>
      {isFrozen && sentAt ? (
        <>
          Sent <Moment at={sentAt} />.{" "}
        </>
      ) : null}
      SHA-256 of the file: <code>{file.sha256}</code>
    </Text>
  );
}

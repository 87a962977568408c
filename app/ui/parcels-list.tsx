// The parcels of a part, and whether Shopify knows of each.
import { Banner, BlockStack, Button, InlineStack, Link, Text } from "@shopify/polaris";
import { useFetcher } from "@remix-run/react";
import { useToast } from "./app-bridge.ts";
import type { Decided } from "./decide.server.ts";
import { Moment } from "./moment.tsx";
import type { PartView } from "./order-page.server.ts";
import { shipmentBadge } from "./standing.ts";
import { Standing } from "./words.tsx";

/** All parcels of a part; one that Shopify could not be told of has a button. */
export function Parcels({ part }: { part: PartView }) {
  if (part.shipments.length === 0) return null;
  return (
    <BlockStack gap="300">
      <Text as="h3" variant="headingSm">
        Parcels
      </Text>
      {part.shipments.map((shipment) => (
        <Parcel key={shipment.id} shipment={shipment} />
      ))}
    </BlockStack>
  );
}

function Parcel({ shipment }: { shipment: PartView["shipments"][number] }) {
  const fetcher = useFetcher<Decided>();
  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  useToast(fetcher.data, answer && "done" in answer ? answer.done : undefined);
  const name = [shipment.carrier, shipment.trackingNumber].filter(Boolean).join(" ") || "No tracking number";
  return (
    <BlockStack gap="100">
      <InlineStack gap="200" blockAlign="center">
        <Text as="span" breakWord>
          {shipment.trackingUrl ? (
            <Link url={shipment.trackingUrl} target="_blank">
              {name}
            </Link>
          ) : (
            name
          )}
          {shipment.pieces > 0 && `, ${shipment.pieces === 1 ? "1 piece" : `${shipment.pieces} pieces`}`}
        </Text>
        <Standing look={shipmentBadge(shipment.status)} />
      </InlineStack>
      {shipment.toldAt && (
        <Text as="p" variant="bodySm" tone="subdued">
          Shopify was told <Moment at={shipment.toldAt} />
        </Text>
      )}
      {shipment.sentence && (
        <Text as="p" breakWord>
          {shipment.sentence}
        </Text>
      )}
      {answer && "refused" in answer && <Banner tone="critical">{answer.refused}</Banner>}
      {shipment.status === "held" && (
        <InlineStack>
          <Button
            loading={fetcher.state !== "idle"}
            onClick={() =>
              fetcher.submit({ intent: "tell Shopify again", shipment: shipment.id }, { method: "post" })
            }
          >
            Tell Shopify again
          </Button>
        </InlineStack>
      )}
    </BlockStack>
  );
}

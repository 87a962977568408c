// What can be done with a connection that is there: try it, pause and resume it, release its account, remove it.
import { Banner, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useFetcher } from "@remix-run/react";
import { useToast } from "./app-bridge.ts";
import { Confirm } from "./confirm.tsx";
import type { Connected } from "./connect.server.ts";
import { ReleaseAccount } from "./release-account.tsx";
import type { VendorPage } from "./vendors-page.server.ts";

interface ActionsProps {
  vendor: VendorPage["vendor"];
  connection: NonNullable<VendorPage["connection"]>;
  /** Whether shoppers' previews come from this vendor. */
  makesPreviews: boolean;
}

/** The buttons, and how the connection stands. */
export function ConnectionActions({ vendor, connection, makesPreviews }: ActionsProps) {
  const fetcher = useFetcher<Connected>();
  const busy = fetcher.state === "idle" ? undefined : String(fetcher.formData?.get("intent") ?? "");
  const act = (intent: string): void => fetcher.submit({ intent }, { method: "post" });
  const answer = busy === undefined ? fetcher.data : undefined;
  useToast(fetcher.data, answer && "done" in answer ? answer.done : undefined);
  // What a test found is kept on the connection, and its banner says it already.
  const isSaidAbove =
    connection.status === "failing" &&
    answer !== undefined &&
    "refused" in answer &&
    answer.refused === connection.sentence;
  return (
    <>
      {connection.quarantine && (
        <Banner tone="critical" title={`The account at ${vendor.label} is stopped`}>
          <BlockStack gap="200">
            <p>{connection.quarantine}</p>
            <ReleaseAccount
              vendorLabel={vendor.label}
              busy={busy === "release"}
              onRelease={() => act("release")}
            />
          </BlockStack>
        </Banner>
      )}
      {connection.status === "failing" && (
        <Banner tone="critical" title="The vendor does not accept this connection">
          <p>
            {connection.sentence} {vendor.takesOrders ? "Its orders wait." : "Your products wait."} Correct
            the settings below and save, or press Test when it is mended at {vendor.label}.
          </p>
        </Banner>
      )}
      {answer && "refused" in answer && !isSaidAbove && (
        <Banner tone="critical" title="That did not work">
          {answer.refused}
        </Banner>
      )}
      <Card>
        <BlockStack gap="300">
          <Text as="p">{describe({ vendor, connection })}</Text>
          {makesPreviews && connection.status === "paused" && (
            <Text as="p">
              Shoppers get no new previews meanwhile, so products with the photo block cannot be bought with a
              new photo.
            </Text>
          )}
          {!vendor.takesOrders && (
            <Text as="p">
              Catalogue only: {vendor.label} takes no orders, so no product can be made there and no order
              ever goes there.
            </Text>
          )}
          <InlineStack gap="200">
            <Button loading={busy === "test"} disabled={busy !== undefined} onClick={() => act("test")}>
              Test
            </Button>
            {connection.status === "on" ? (
              <Button loading={busy === "pause"} disabled={busy !== undefined} onClick={() => act("pause")}>
                Pause
              </Button>
            ) : (
              <Button loading={busy === "resume"} disabled={busy !== undefined} onClick={() => act("resume")}>
                Resume
              </Button>
            )}
            <Confirm
              label="Remove"
              title={`Remove ${connection.label}?`}
              confirm="Remove the connection"
              busy={busy === "remove"}
              onConfirm={() => act("remove")}
            >
              {vendor.takesOrders
                ? `Its settings are forgotten. Orders that were not sent yet are held until you choose another vendor for their products. What ${vendor.label} already has is made, and its tracking must then be entered by hand.`
                : `Its settings are forgotten, and your products are not published to ${vendor.label} any more. What is published there stays as it is.`}
            </Confirm>
          </InlineStack>
        </BlockStack>
      </Card>
    </>
  );
}

function describe({
  vendor,
  connection: { status, quarantine },
}: Pick<ActionsProps, "vendor" | "connection">): string {
  if (quarantine) return "Nothing is sent until the account is released.";
  if (status === "paused") return "This connection is paused: nothing is sent until you resume it.";
  if (status === "failing") return "Nothing is sent until the vendor accepts the connection again.";
  if (!vendor.takesOrders) return "This connection works.";
  return vendor.oneAtATime
    ? "This connection works. The vendor has one basket for each account, so orders go there one after the other."
    : "This connection works.";
}

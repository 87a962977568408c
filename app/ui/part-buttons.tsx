// The buttons of one part: what a person may do about it now. What cannot be taken back asks first and says what
// it means.
import { BlockStack, Button, InlineStack, TextField } from "@shopify/polaris";
import { useState } from "react";
import { Confirm } from "./confirm.tsx";
import type { PartView } from "./order-page.server.ts";
import type { Offer } from "./offers.ts";

interface ButtonsProps {
  part: PartView;
  /** The intent that is being done right now. */
  busy: string | undefined;
  act: (intent: string, more?: Record<string, string>) => void;
  onTracking: () => void;
}

/** All buttons that the part's state offers; a notice and a stopped account have theirs in their banners. */
export function PartButtons({ part, busy, act, onTracking }: ButtonsProps) {
  const mentioned: Offer[] = ["release account", "dismiss notice"];
  const offers = part.offers.filter((offer) => !mentioned.includes(offer));
  if (offers.length === 0) return null;
  return (
    <BlockStack gap="300">
      {offers.includes("it exists") && <ItExists part={part} busy={busy === "it exists"} act={act} />}
      <InlineStack gap="200">
        {offers.map((offer, index) => (
          <OfferButton
            key={offer}
            {...{ offer, part, busy, act, onTracking }}
            // A part without a photo fails again: the link under Pictures is what helps it.
            isFirst={index === 0 && part.code !== "needs photo"}
          />
        ))}
      </InlineStack>
    </BlockStack>
  );
}

function OfferButton({
  offer,
  part,
  busy,
  act,
  onTracking,
  isFirst,
}: ButtonsProps & { offer: Offer; isFirst: boolean }) {
  const look = isFirst ? ({ variant: "primary" } as const) : {};
  const plain = (label: string) => (
    <Button {...look} loading={busy === offer} disabled={busy !== undefined} onClick={() => act(offer)}>
      {label}
    </Button>
  );
  switch (offer) {
    case "send now":
      return plain(part.isRetrying ? "Try now" : "Send now");
    case "approve":
      return plain("Approve");
    case "try again":
      return plain("Try again");
    case "add shipment":
      return (
        <Button {...look} onClick={onTracking}>
          Enter tracking
        </Button>
      );
    case "choose products":
      return (
        <Button {...look} url="/app/products?view=not-chosen">
          Choose products
        </Button>
      );
    case "does not exist":
      return (
        <Confirm
          label="It does not exist, send again"
          title="Send this part again?"
          confirm="It does not exist, send it again"
          busy={busy === offer}
          onConfirm={() => act(offer)}
        >
          Only do this after you have looked at {part.vendorLabel} and found no order {part.reference}, also
          not among drafts and unpaid ones. It is then sent as a new order. If the first one is there after
          all, it is made and charged twice.
        </Confirm>
      );
    case "give up":
      return (
        <Confirm
          label="Cancel this part"
          title="Cancel this part?"
          confirm="Cancel this part"
          busy={busy === offer}
          onConfirm={() => act(offer)}
        >
          {part.vendorLabel} will not be sent these lines, and you cannot take that back here. The order in
          Shopify stays as it is: refund the lines there, or fulfil them in another way.
        </Confirm>
      );
    case "check":
      return (
        <Button
          loading={busy === offer}
          disabled={busy !== undefined}
          onClick={() => act(offer)}
          accessibilityLabel={`Check this order now: ask ${part.vendorLabel} whether it would take it`}
        >
          Check this order now
        </Button>
      );
    case "update at vendor":
      return (
        <Confirm
          label={`Send ${part.isAddressNew ? "the new address" : "today’s details"} to ${part.vendorLabel}`}
          title={`Send today’s details to ${part.vendorLabel}?`}
          confirm="Send them"
          critical={false}
          busy={busy === offer}
          onConfirm={() => act(offer)}
        >
          {part.vendorLabel} is told the address and the notes as the order in Shopify has them now. What is
          made does not change: lines and quantities stay as they were sent.
        </Confirm>
      );
    case "cancel at vendor":
      return (
        <Confirm
          label={`Cancel at ${part.vendorLabel}`}
          title={`Cancel this part at ${part.vendorLabel}?`}
          confirm={`Cancel at ${part.vendorLabel}`}
          busy={busy === offer}
          onConfirm={() => act(offer)}
        >
          {part.vendorLabel} is asked to take {part.vendorNumber ?? part.reference} back. If it agrees, this
          part is not made and cannot be sent again. The order in Shopify stays as it is: refund it there.
        </Confirm>
      );
    case "it exists":
    case "release account":
    case "dismiss notice":
      return null;
  }
}

function ItExists({ part, busy, act }: { part: PartView; busy: boolean; act: ButtonsProps["act"] }) {
  const [number, setNumber] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        act("it exists", { number });
      }}
    >
      <TextField
        label={`Its order number at ${part.vendorLabel}`}
        helpText={`Look there for ${part.reference}. If you see the order but no number, leave this empty.`}
        value={number}
        onChange={setNumber}
        autoComplete="off"
        maxLength={100}
        connectedRight={
          <Button submit loading={busy}>
            It exists
          </Button>
        }
      />
    </form>
  );
}

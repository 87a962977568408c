// One vendor's part of an order: where it stands, what happens next, and what a person can do about it.
import { Banner, BlockStack, Card, InlineGrid, InlineStack, Link, List, Text } from "@shopify/polaris";
import { useFetcher } from "@remix-run/react";
import { useState } from "react";
import { useToast } from "./app-bridge.ts";
import type { Decided } from "./decide.server.ts";
import { EvidenceView } from "./evidence-view.tsx";
import { noErrors } from "./focus-error.ts";
import { Moment } from "./moment.tsx";
import type { PartView } from "./order-page.server.ts";
import { PartFiles } from "./part-files.tsx";
import { Parcels } from "./parcels-list.tsx";
import { PartButtons } from "./part-buttons.tsx";
import { ReleaseAccount } from "./release-account.tsx";
import { TrackingForm } from "./tracking-form.tsx";
import { Tries } from "./tries.tsx";
import { Fact, Says, Standing } from "./words.tsx";

/** The card of one part. Its buttons post to the page it stands on. */
export function PartCard({ part }: { part: PartView }) {
  const fetcher = useFetcher<Decided>();
  const [tracking, setTracking] = useState<number>();
  const busy = fetcher.state === "idle" ? undefined : String(fetcher.formData?.get("intent") ?? "");
  const act = (intent: string, more: Record<string, string> = {}): void =>
    fetcher.submit({ intent, part: part.id, ...more }, { method: "post" });
  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  const refused = answer && "refused" in answer ? answer.refused : undefined;
  const errors = answer && "errors" in answer ? answer.errors : noErrors;
  const problems = answer && "problems" in answer ? answer.problems : undefined;
  useToast(fetcher.data, answer && "done" in answer ? answer.done : undefined);
  // The form belongs to the parcels there were when it was opened: a new parcel closes it.
  const isEntering = tracking === part.shipments.length && part.offers.includes("add shipment");

  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <InlineStack gap="200" blockAlign="center">
            <Text as="h2" variant="headingMd">
              {part.connection.label}
            </Text>
            <Standing look={part.badge} />
          </InlineStack>
          <Text as="p" variant="bodySm" tone="subdued" breakWord>
            {part.connection.label === part.vendorLabel ? "" : `${part.vendorLabel}. `}Reference{" "}
            {part.reference}
          </Text>
        </BlockStack>
        <Text as="p" breakWord>
          <Says saying={part.saying} />
        </Text>
        {refused && (
          <Banner tone="critical" title="That was not done">
            {refused}
          </Banner>
        )}
        {(errors["part"] ?? errors["intent"]) && (
          <Banner tone="critical">The page is out of date. Load it again.</Banner>
        )}
        {problems && <Checked part={part} problems={problems} />}
        {part.notice && <Notice part={part} busy={busy === "dismiss notice"} act={act} />}
        {part.quarantine && <Quarantine part={part} busy={busy === "release account"} act={act} />}
        <Facts part={part} />
        <List>
          {part.lines.map((line) => (
            <List.Item key={line.lineId}>
              {line.quantity} × {line.title}
            </List.Item>
          ))}
        </List>
        <Parcels part={part} />
        {isEntering ? (
          <TrackingForm
            part={part}
            errors={errors}
            busy={busy === "add shipment"}
            onSubmit={(values) => act("add shipment", values)}
            onCancel={() => setTracking(undefined)}
          />
        ) : (
          <PartButtons
            part={part}
            busy={busy}
            act={act}
            onTracking={() => setTracking(part.shipments.length)}
          />
        )}
        {part.instead && (
          <Text as="p" tone="subdued" breakWord>
            {part.instead}
          </Text>
        )}
        {part.hasFiles && <PartFiles part={part} />}
        <Tries part={part} />
        {(part.hasPayload || part.attempts.length > 0) && <EvidenceView partId={part.id} />}
      </BlockStack>
    </Card>
  );
}

type Act = (intent: string) => void;

// What the vendor itself complains of needs a person; what we noted is only good to know.
function Notice({ part, busy, act }: { part: PartView; busy: boolean; act: Act }) {
  const isVendors = part.noticeBy === "vendor";
  return (
    <Banner
      tone={isVendors ? "critical" : "warning"}
      title={isVendors ? `${part.vendorLabel} has a problem with this part` : "Good to know"}
      action={{ content: "Dismiss", loading: busy, onAction: () => act("dismiss notice") }}
    >
      <p>{part.notice}</p>
      {isVendors && part.isLastWord && part.status === "sent" && (
        <p>
          It was sent, but this is the vendor’s last word about it: nothing more happens there by itself.{" "}
          {part.instead}
        </p>
      )}
    </Banner>
  );
}

function Checked({ part, problems }: { part: PartView; problems: string[] }) {
  if (problems.length === 0)
    return (
      <Banner tone="success" title={`${part.vendorLabel} would take it as it is`}>
        <p>Nothing was ordered by asking.</p>
      </Banner>
    );
  return (
    <Banner tone="warning" title={`${part.vendorLabel} would not take it as it is`}>
      <List>
        {problems.map((problem, index) => (
          <List.Item key={index}>{problem}</List.Item>
        ))}
      </List>
    </Banner>
  );
}

function Facts({ part }: { part: PartView }) {
  if (!part.vendorNumber && !part.vendorState && !part.sentAt) return null;
  return (
    <InlineGrid columns={{ xs: 1, sm: 3 }} gap="300">
      {part.vendorNumber && <Fact label={`Number at ${part.vendorLabel}`}>{part.vendorNumber}</Fact>}
      {part.vendorState && <Fact label={`${part.vendorLabel} says`}>{part.vendorState}</Fact>}
      {part.sentAt && (
        <Fact label="Sent">
          <Moment at={part.sentAt} />
        </Fact>
      )}
    </InlineGrid>
  );
}

function Quarantine({ part, busy, act }: { part: PartView; busy: boolean; act: Act }) {
  return (
    <Banner tone="critical" title={`The account at ${part.vendorLabel} is stopped`}>
      <BlockStack gap="200">
        <p>{part.quarantine}</p>
        <p>
          No order goes to this account until you have looked at it. Its settings are under{" "}
          <Link url={`/app/vendors/${part.connection.vendor}?connection=${part.connection.id}`}>Vendors</Link>
          .
        </p>
        <ReleaseAccount vendorLabel={part.vendorLabel} busy={busy} onRelease={() => act("release account")} />
      </BlockStack>
    </Banner>
  );
}

// Above the catalogue: the two ways to go over everything, and how far the latest run is.
import {
  Banner,
  BlockStack,
  Button,
  Card,
  InlineGrid,
  InlineStack,
  ProgressBar,
  Text,
} from "@shopify/polaris";
import { countLabels, standingLabels } from "./catalogue.ts";
import type { CataloguePage, SyncView } from "./catalogue-page.server.ts";
import { Confirm } from "./confirm.tsx";
import { Moment } from "./moment.tsx";
import { Fact, Standing } from "./words.tsx";

interface SyncCardProps {
  page: CataloguePage;
  /** The intent that is being done right now. */
  busy: string | undefined;
  onStart: (dryRun: boolean) => void;
  onStop: () => void;
}

/** The card. A dry run sends nothing, so only the other one asks first. */
export function SyncCard({ page: { vendor, sync, connection }, busy, onStart, onStop }: SyncCardProps) {
  const isRunning = sync?.isRunning ?? false;
  // A look sends nothing, so a paused connection may be looked at.
  const mayLook = busy === undefined && !isRunning && connection.status !== "failing";
  const mayPublish = mayLook && connection.status === "on";
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            All products
          </Text>
          <Text as="p" tone="subdued">
            Changes in Shopify are published by themselves. Go over everything once at the start, or when
            something looks wrong. A product that is archived, a draft or deleted is taken out at{" "}
            {vendor.label}.
          </Text>
        </BlockStack>
        <InlineStack gap="200">
          <Button
            variant={sync ? "secondary" : "primary"}
            loading={busy === "dry run"}
            disabled={!mayLook}
            onClick={() => onStart(true)}
          >
            See what would change
          </Button>
          {!mayPublish && busy !== "publish all" ? (
            <Button disabled>Publish all products</Button>
          ) : (
            <Confirm
              label="Publish all products"
              title={`Publish all products to ${vendor.label}?`}
              confirm="Publish all products"
              critical={false}
              busy={busy === "publish all"}
              onConfirm={() => onStart(false)}
            >
              Every active product is sent to {vendor.label}, unless it is there already as it is.{" "}
              {sync?.isDryRun
                ? "What would change was shown at the last look."
                : "To see first what would change, go back and choose “See what would change”."}
            </Confirm>
          )}
          {isRunning && (
            <Button loading={busy === "stop"} onClick={onStop}>
              Stop
            </Button>
          )}
        </InlineStack>
        {sync && <Latest sync={sync} />}
      </BlockStack>
    </Card>
  );
}

function Latest({ sync }: { sync: SyncView }) {
  const { isDryRun, isRunning, isFailed, sentence, counts, standing, progress } = sync;
  const figures: [string, number][] = isDryRun
    ? countLabels.flatMap(([key, label]): [string, number][] => {
        const count = counts[key];
        return count === undefined || (key === "elsewhere" && count === 0) ? [] : [[label, count]];
      })
    : standingLabels.map(([key, label]) => [label, standing[key]]);
  return (
    <BlockStack gap="300">
      <InlineStack gap="200" blockAlign="center">
        <Text as="h3" variant="headingSm" id="sync-progress">
          {isDryRun ? "What would change" : "Publishing all products"}
        </Text>
        <Standing look={sync.badge} />
      </InlineStack>
      <Text as="p" variant="bodySm" tone="subdued">
        Started <Moment at={sync.startedAt} />
        {sync.finishedAt && (
          <>
            , ended <Moment at={sync.finishedAt} />
          </>
        )}
      </Text>
      <div role="status">
        {isRunning && <Text as="p">{sync.doing}</Text>}
        {isFailed && (
          <Banner tone="critical" title={isDryRun ? "It could not be compared" : "It did not get to the end"}>
            <p>{sentence ?? "Start it again."}</p>
          </Banner>
        )}
        {!isFailed && sentence && <Text as="p">{sentence}</Text>}
      </div>
      {isRunning && progress !== undefined && (
        <ProgressBar progress={progress} size="small" ariaLabelledBy="sync-progress" />
      )}
      {figures.length > 0 && (
        <InlineGrid columns={{ xs: 2, md: 6 }} gap="300">
          {figures.map(([label, count]) => (
            <Fact key={label} label={label}>
              {count}
            </Fact>
          ))}
        </InlineGrid>
      )}
    </BlockStack>
  );
}

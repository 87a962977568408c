// The setup guide on Home: what to do next, with the steps that are done ticked from the data.
import { Badge, BlockStack, Box, Button, Card, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import type { SetupStep } from "./guide.ts";

interface GuideProps {
  steps: SetupStep[];
  busy: boolean;
  onDismiss: () => void;
}

/** The guide. Only the next step shows what to do; it can be dismissed at any time. */
export function SetupGuide({ steps, busy, onDismiss }: GuideProps) {
  const done = steps.filter((step) => step.done).length;
  const next = steps.find((step) => !step.done);
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="200">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="h2" variant="headingMd">
              Setup guide
            </Text>
            <Button
              variant={next ? "tertiary" : "secondary"}
              loading={busy}
              onClick={onDismiss}
              accessibilityLabel={`${next ? "Dismiss" : "Done, dismiss"} the setup guide`}
            >
              {next ? "Dismiss" : "Done, dismiss"}
            </Button>
          </InlineStack>
          <Text as="p" tone="subdued">
            {done} of {steps.length} steps are done.
          </Text>
          <ProgressBar
            progress={(done / steps.length) * 100}
            size="small"
            tone="primary"
            animated={false}
            ariaLabelledBy="setup-progress"
          />
          <Text as="span" id="setup-progress" visuallyHidden>
            Setup progress
          </Text>
        </BlockStack>
        {steps.map((step) => (
          <Step key={step.id} step={step} isNext={step === next} />
        ))}
      </BlockStack>
    </Card>
  );
}

function Step({ step, isNext }: { step: SetupStep; isNext: boolean }) {
  return (
    <Box padding="300" borderRadius="200" {...(isNext && { background: "bg-surface-secondary" as const })}>
      <BlockStack gap="200">
        <InlineStack gap="200" blockAlign="center">
          <Badge
            {...(step.done
              ? ({ tone: "success", progress: "complete" } as const)
              : ({ progress: "incomplete" } as const))}
          >
            {step.done ? "Done" : "To do"}
          </Badge>
          <Text as="h3" variant="headingSm">
            {step.title}
          </Text>
        </InlineStack>
        {(isNext || step.id === "sent") && <Text as="p">{step.text}</Text>}
        {isNext && step.action && (
          <InlineStack>
            <Button variant="primary" url={step.action.to}>
              {step.action.label}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </Box>
  );
}

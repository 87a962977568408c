// Settings of the whole shop: when an order may go, what is matched by SKU, and how long personal data is kept.
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import {
  BlockStack,
  Button,
  Card,
  Checkbox,
  ChoiceList,
  InlineStack,
  Link,
  Page,
  Text,
} from "@shopify/polaris";
import { TitleBar } from "@shopify/app-bridge-react";
import { useState } from "react";
import { authenticate } from "../shopify.server.ts";
import { useToast } from "../ui/app-bridge.ts";
import { PrivacyRequests } from "../ui/privacy-requests.tsx";
import { SaveBar } from "../ui/save-bar.tsx";
import { Section } from "../ui/section.tsx";
import {
  readExport,
  readSettingsPage,
  saveSettings,
  showGuide,
  type SettingsPage,
} from "../ui/shop-settings.server.ts";

export { clientAction, shouldRevalidate } from "../ui/lost.ts";
export { PageError as ErrorBoundary } from "../ui/page-error.tsx";

export const meta: MetaFunction = () => [{ title: "Settings · Makerlane" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  return await readSettingsPage(session.shop);
}

export async function action({ request }: ActionFunctionArgs) {
  const { session, sessionToken } = await authenticate.admin(request);
  const { shop } = session;
  const form = await request.formData();
  switch (form.get("intent")) {
    case "export": {
      const user = sessionToken.sub;
      return await readExport({ shop, request: String(form.get("request") ?? ""), user });
    }
    case "show the guide":
      await showGuide(shop);
      return { done: "The setup guide is on Home again." };
    default:
      return await saveSettings(shop, form);
  }
}

export default function SettingsRoute() {
  const page = useLoaderData<typeof loader>();
  const guide = useFetcher<{ done?: string }>();
  // Kept here and not in the form: the form starts anew once its values are stored, and would forget to say so.
  const saving = useFetcher<Saved>();
  const answer = saving.state === "idle" ? saving.data : undefined;
  useToast(saving.data, answer && "done" in answer ? answer.done : undefined);
  useToast(guide.data, guide.state === "idle" ? guide.data?.done : undefined);
  return (
    <Page title="Settings">
      <TitleBar title="Settings" />
      <BlockStack gap={{ xs: "600", md: "800" }}>
        <Section
          title="Orders"
          description="These hold for orders that arrive from now on. How long an order waits before it is sent is set for each vendor."
        >
          <OrderSettings
            key={`${page.trigger} ${page.matchBySku}`}
            page={page}
            saving={saving.state !== "idle"}
            error={answer && "errors" in answer ? answer.errors["trigger"] : undefined}
            onSave={(values) => saving.submit({ intent: "save", ...values }, { method: "post" })}
          />
        </Section>
        <Section
          title="Personal data"
          description="Names and addresses of your customers are stored encrypted and only as long as they are needed. Their photos are deleted when their time is over."
        >
          <BlockStack gap="400">
            <Card>
              <BlockStack gap="200">
                <Text as="p">
                  The personal data of an order is erased {page.personalDataDays} days after the order last
                  changed. The raw messages from Shopify are erased after {page.rawWebhookDays} days. States,
                  references and tracking numbers are kept, so that you can always see what became of an
                  order.
                </Text>
                <Text as="p">
                  How long shoppers’ photos are kept is set under{" "}
                  <Link url="/app/storefront">Storefront</Link>.
                </Text>
              </BlockStack>
            </Card>
            <PrivacyRequests requests={page.requests} />
          </BlockStack>
        </Section>
        <Section title="Help" description="The steps that every shop goes through at first.">
          <Card>
            <InlineStack gap="200" blockAlign="center">
              <Text as="p">
                {page.isGuideDismissed ? "The setup guide was dismissed." : "The setup guide is on Home."}
              </Text>
              {page.isGuideDismissed && (
                <Button
                  loading={guide.state !== "idle"}
                  onClick={() => guide.submit({ intent: "show the guide" }, { method: "post" })}
                >
                  Show it again
                </Button>
              )}
            </InlineStack>
          </Card>
        </Section>
      </BlockStack>
    </Page>
  );
}

type Saved = { done: string } | { errors: Record<string, string> };

interface OrderSettingsProps {
  page: Pick<SettingsPage, "trigger" | "matchBySku">;
  saving: boolean;
  error: string | undefined;
  onSave: (values: { trigger: string; matchBySku: string }) => void;
}

function OrderSettings({ page, saving, error, onSave }: OrderSettingsProps) {
  const [trigger, setTrigger] = useState<string>(page.trigger);
  const [matchBySku, setMatchBySku] = useState(page.matchBySku);
  return (
    <Card>
      <BlockStack gap="400">
        <ChoiceList
          title="An order may go to its vendors"
          choices={[
            {
              value: "paid",
              label: "When it is paid",
              helpText: "The safe choice: nothing is made that nobody has paid for.",
            },
            {
              value: "create",
              label: "When it is placed, also while it is not paid",
              helpText: "For shops that invoice. An order that is never paid is made as well.",
            },
          ]}
          selected={[trigger]}
          onChange={([chosen]) => setTrigger(chosen ?? page.trigger)}
          {...(error !== undefined && { error })}
        />
        <Checkbox
          label="Also match by SKU"
          helpText="A variant without a choice of its own takes the choice of a variant with exactly the same SKU. Without this, a line that looks like a vendor's but was not chosen is held."
          checked={matchBySku}
          onChange={(checked) => setMatchBySku(checked)}
        />
      </BlockStack>
      <SaveBar
        id="settings-save-bar"
        open={trigger !== page.trigger || matchBySku !== page.matchBySku}
        saving={saving}
        onSave={() => onSave({ trigger, matchBySku: String(matchBySku) })}
        onDiscard={() => {
          setTrigger(page.trigger);
          setMatchBySku(page.matchBySku);
        }}
      />
    </Card>
  );
}

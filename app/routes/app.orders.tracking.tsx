// Tracking numbers of many orders at once: paste, look, enter, and see what came of every line.
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useFetcher } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Button,
  Card,
  Checkbox,
  InlineStack,
  Page,
  Text,
  TextField,
} from "@shopify/polaris";
import { TitleBar } from "@shopify/app-bridge-react";
import { useMemo, useState } from "react";
import { z } from "zod";
import { addShipmentsInBulk } from "../orders/decision.server.ts";
import { authenticate } from "../shopify.server.ts";
import { toCsv } from "../ui/csv.ts";
import { download } from "../ui/download.ts";
import { TrackingPreview, type Outcomes } from "../ui/tracking-preview.tsx";
import { maxRows, readTrackingRows } from "../ui/tracking-rows.ts";
import { world } from "../world.server.ts";

export { clickAction as clientAction, shouldRevalidate } from "../ui/lost.ts";
export { PageError as ErrorBoundary } from "../ui/page-error.tsx";

export const meta: MetaFunction = () => [{ title: "Enter tracking for many orders · Makerlane" }];

const cell = z.string().trim().min(1).max(200);
const rowsSchema = z
  .array(z.object({ line: z.number().int(), reference: cell, carrier: cell, trackingNumber: cell }))
  .max(maxRows);

export async function loader({ request }: LoaderFunctionArgs) {
  await authenticate.admin(request);
  return null;
}

type Entered = { done: number; outcomes: Outcomes } | { refused: string };

export async function action({ request }: ActionFunctionArgs): Promise<Entered> {
  const { session } = await authenticate.admin(request);
  const form = await request.formData();
  const text = String(form.get("text") ?? "");
  // Read again here: what the browser made of the text is not to be trusted, and it is the same pure function.
  const { rows } = readTrackingRows(text);
  const good = rowsSchema.safeParse(rows.filter((row) => row.problem === undefined));
  if (!good.success)
    return {
      refused: "A cell is longer than 200 characters. Check that the columns are in the right place.",
    };
  const { done, problems } = await addShipmentsInBulk(await world(), {
    shop: session.shop,
    rows: good.data,
    notify: form.get("notify") === "true",
  });
  const outcomes: Outcomes = {};
  for (const { row, sentence } of problems) {
    const line = good.data[row - 1]?.line;
    if (line !== undefined) outcomes[line] = sentence;
  }
  return { done, outcomes };
}

export default function TrackingRoute() {
  const fetcher = useFetcher<Entered>();
  const [text, setText] = useState("");
  const [submitted, setSubmitted] = useState<string>();
  const [notify, setNotify] = useState(true);
  const { rows, leftOut } = useMemo(() => readTrackingRows(text), [text]);
  const ready = rows.filter((row) => row.problem === undefined).length;
  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  // An answer belongs to the text it was given for: after an edit the lines are ready again.
  const entered = answer && "outcomes" in answer && submitted === text ? answer : undefined;

  const submit = (): void => {
    setSubmitted(text);
    fetcher.submit({ text, notify: String(notify) }, { method: "post" });
  };
  const save = (): void => {
    if (!entered) return;
    const results = rows.map((row) => [
      row.line,
      row.reference,
      row.carrier,
      row.trackingNumber,
      row.problem ?? entered.outcomes[row.line] ?? "Entered",
    ]);
    download({
      name: "tracking-result.csv",
      type: "text/csv",
      text: toCsv(["Line", "Reference", "Carrier", "Tracking number", "Result"], results),
    });
  };

  return (
    <Page
      title="Enter tracking for many orders"
      backAction={{ content: "Orders", url: "/app/orders" }}
      subtitle="For vendors that do not report parcels by themselves."
    >
      <TitleBar title="Enter tracking for many orders" />
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="300">
            <TextField
              label="One parcel a line: reference, carrier, tracking number"
              helpText={`Paste from a spreadsheet or a CSV file, up to ${maxRows} lines. The reference is the one the vendor got from us (it starts with M-), or the order's name. Each line is a parcel with everything of its part that is not shipped yet.`}
              placeholder={"M-1001-a-7F3K2, DHL Express, 1234567890"}
              multiline={8}
              value={text}
              onChange={setText}
              autoComplete="off"
              monospaced
              spellCheck={false}
            />
            <Checkbox
              label="Shopify tells the customers by e-mail"
              checked={notify}
              onChange={(checked) => setNotify(checked)}
            />
          </BlockStack>
        </Card>
        {answer && "refused" in answer && <Banner tone="critical">{answer.refused}</Banner>}
        {entered && (
          <Banner
            tone={Object.keys(entered.outcomes).length > 0 ? "warning" : "success"}
            title={`${entered.done} of ${rows.length} ${rows.length === 1 ? "parcel" : "parcels"} entered`}
            action={{ content: "Download the result", onAction: save }}
          >
            <p>
              {Object.keys(entered.outcomes).length > 0
                ? "The lines below that were not taken say why. Correct them and enter again: what went in is not entered twice."
                : "Shopify is being told of them now."}
            </p>
          </Banner>
        )}
        {rows.length > 0 ? (
          <Card>
            <BlockStack gap="400">
              <TrackingPreview rows={rows} leftOut={leftOut} outcomes={entered?.outcomes} />
              <InlineStack align="end">
                <Button
                  variant="primary"
                  disabled={ready === 0 || entered !== undefined}
                  loading={fetcher.state !== "idle"}
                  onClick={submit}
                >
                  {ready === 1 ? "Enter 1 parcel" : `Enter ${ready} parcels`}
                </Button>
              </InlineStack>
            </BlockStack>
          </Card>
        ) : (
          <Text as="p" tone="subdued">
            Paste something above: you see how each line is understood before anything is entered.
          </Text>
        )}
      </BlockStack>
    </Page>
  );
}

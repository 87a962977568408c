// What a tool works on: what was chosen on a list, and a search to choose more of it here.
import {
  Banner,
  BlockStack,
  Button,
  Card,
  Checkbox,
  InlineStack,
  Tag,
  Text,
  TextField,
} from "@shopify/polaris";
import { useFetcher, useLocation, useSearchParams } from "@remix-run/react";
import { useState } from "react";
import type { Choosable, Choosing } from "./chosen.server.ts";
import { maxChosen } from "./tools.ts";

interface ChooserProps {
  takes: "orders" | "products";
  vendorLabel: string;
  choosing: Choosing;
  chosen: Choosable[];
  onChange: (chosen: Choosable[]) => void;
}

const words = {
  orders: { title: "Orders", one: "order", label: "Order, reference or vendor's number" },
  products: { title: "Products", one: "product", label: "Product title or SKU" },
} as const;

/** The chosen ones as tags, and below them a list to choose from. */
export function Chooser({ takes, vendorLabel, choosing, chosen, onChange }: ChooserProps) {
  const [isOpen, setIsOpen] = useState(chosen.length === 0);
  const { title, one } = words[takes];
  const remove = (id: string): void => onChange(chosen.filter((other) => other.id !== id));
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        {choosing.leftOut > 0 && (
          <Banner tone="info">{leftOutSentence({ takes, vendorLabel, count: choosing.leftOut })}</Banner>
        )}
        {choosing.unseen > 0 && (
          <Banner tone="warning">
            {choosing.unseen === 1
              ? `The ${one} you chose cannot be shown, because Shopify does not answer.`
              : `The ${choosing.unseen} ${one}s you chose cannot be shown, because Shopify does not answer.`}{" "}
            Load the page again in a moment: it keeps what you chose.
          </Banner>
        )}
        <div role="status">
          <Text as="p" {...(chosen.length === 0 && { tone: "subdued" as const })}>
            {chosen.length === 0
              ? `Choose at least one ${one}.`
              : chosen.length === 1
                ? `One ${one} is chosen.`
                : `${chosen.length} ${one}s are chosen.`}
          </Text>
        </div>
        {chosen.length > 0 && (
          <InlineStack gap="200">
            {chosen.map(({ id, name }) => (
              <Tag key={id} onRemove={() => remove(id)}>
                {name}
              </Tag>
            ))}
          </InlineStack>
        )}
        <InlineStack>
          <Button
            variant="plain"
            disclosure={isOpen ? "up" : "down"}
            ariaExpanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
          >
            {isOpen ? `Hide the list of ${one}s` : `Choose ${one}s from a list`}
          </Button>
        </InlineStack>
        {isOpen && <List {...{ takes, vendorLabel, choosing, chosen, onChange }} />}
      </BlockStack>
    </Card>
  );
}

function leftOutSentence({
  takes,
  vendorLabel,
  count,
}: Pick<ChooserProps, "takes" | "vendorLabel"> & { count: number }): string {
  const [who, them] = [count === 1 ? "One" : String(count), count === 1 ? "it" : "them"];
  const which = `${who} of the chosen ${words[takes].one}s ${count === 1 ? "is" : "are"} left out`;
  return takes === "orders"
    ? `${which}, because ${vendorLabel} does not have ${them} from this connection.`
    : `${which}, because Shopify does not have ${them} any more.`;
}

function List({ takes, vendorLabel, choosing, chosen, onChange }: ChooserProps) {
  const { label, one } = words[takes];
  const fetcher = useFetcher<{ choosing?: Choosing }>();
  const { pathname } = useLocation();
  const [parameters] = useSearchParams();
  const [search, setSearch] = useState("");
  const shown = fetcher.data?.choosing ?? choosing;
  const isFull = chosen.length >= maxChosen;
  const look = (after?: string): void => {
    const query = new URLSearchParams({ connection: parameters.get("connection") ?? "", search });
    if (after !== undefined) query.set("after", after);
    fetcher.load(`${pathname}?${query.toString()}`);
  };
  const toggle = (item: Choosable, isOn: boolean): void =>
    onChange(isOn ? [...chosen, item] : chosen.filter(({ id }) => id !== item.id));
  return (
    <BlockStack gap="300">
      <div
        role="search"
        onKeyDown={(event) => {
          // It stands inside the tool's form, which Enter would run.
          if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
          event.preventDefault();
          look();
        }}
      >
        <TextField
          label={label}
          type="search"
          value={search}
          onChange={setSearch}
          autoComplete="off"
          maxLength={100}
          connectedRight={
            <Button loading={fetcher.state !== "idle"} onClick={() => look()}>
              Search
            </Button>
          }
        />
      </div>
      {shown.trouble && (
        <Banner tone="critical" title="Shopify could not be asked">
          <p>{shown.trouble}</p>
        </Banner>
      )}
      {!shown.trouble && shown.found.length === 0 && (
        <Text as="p" tone="subdued">
          {takes === "orders"
            ? search
              ? `No order at ${vendorLabel} has this in its name, reference or number.`
              : `${vendorLabel} has no order from this connection yet. An order is here once it is sent.`
            : "No product has this in its title or SKU."}
        </Text>
      )}
      <BlockStack gap="100">
        {shown.found.map((item) => {
          const isChosen = chosen.some(({ id }) => id === item.id);
          return (
            <Checkbox
              key={item.id}
              label={item.name}
              helpText={item.detail}
              checked={isChosen}
              disabled={isFull && !isChosen}
              onChange={(isOn) => toggle(item, isOn)}
            />
          );
        })}
      </BlockStack>
      {isFull && (
        <Text as="p" tone="subdued">
          {`At most ${maxChosen} ${one}s in one go.`}
        </Text>
      )}
      {shown.next !== undefined && (
        <InlineStack>
          <Button loading={fetcher.state !== "idle"} onClick={() => look(shown.next)}>
            {`Next ${one}s`}
          </Button>
        </InlineStack>
      )}
    </BlockStack>
  );
}

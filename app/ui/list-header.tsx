// Above a list: its saved views as tabs, and its search. Both stand in the address, so a view can be kept as a
// bookmark and the way back leads where it came from.
import { Box, Button, InlineStack, Tabs, TextField } from "@shopify/polaris";
import { Form, useNavigate, useSearchParams } from "@remix-run/react";
import { useState } from "react";

interface ListHeaderProps {
  views: readonly { id: string; label: string; count?: number }[];
  view: string;
  search: string;
  /** What may be searched for, as the label of the input. */
  searchLabel: string;
  /** What else of the address stays, e.g. the connection that the list is about. */
  keep?: readonly string[];
}

/** Tabs and search of a list; the search input starts anew when the address changes. */
export function ListHeader(props: ListHeaderProps) {
  const { views, view, keep = [] } = props;
  const navigate = useNavigate();
  const [parameters] = useSearchParams();
  const choose = (index: number): void => {
    const next = kept(parameters, keep);
    const chosen = views[index]?.id ?? "";
    if (chosen !== views[0]?.id) next.set("view", chosen);
    const search = parameters.get("search");
    if (search) next.set("search", search);
    navigate(`?${next.toString()}`);
  };
  return (
    <>
      <Tabs
        tabs={views.map(({ id, label, count }) => ({
          id: `view-${id}`,
          content: label,
          ...(count && { badge: String(count) }),
        }))}
        selected={Math.max(
          0,
          views.findIndex(({ id }) => id === view),
        )}
        onSelect={choose}
      />
      <Search key={props.search} {...props} />
    </>
  );
}

function kept(parameters: URLSearchParams, keep: readonly string[]): URLSearchParams {
  const next = new URLSearchParams();
  for (const name of keep) {
    const value = parameters.get(name);
    if (value !== null) next.set(name, value);
  }
  return next;
}

function Search({ views, view, search, searchLabel, keep = [] }: ListHeaderProps) {
  const [text, setText] = useState(search);
  const navigate = useNavigate();
  const [parameters] = useSearchParams();
  const cleared = kept(parameters, keep);
  if (view !== views[0]?.id) cleared.set("view", view);
  return (
    <Box paddingInline="300" paddingBlock="200" borderBlockEndWidth="025" borderColor="border">
      <Form method="get" role="search">
        {[...cleared].map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <InlineStack gap="200" wrap={false} blockAlign="center">
          <div style={{ flexGrow: 1 }}>
            <TextField
              label={searchLabel}
              labelHidden
              placeholder={searchLabel}
              name="search"
              type="search"
              autoComplete="off"
              maxLength={100}
              value={text}
              onChange={setText}
              clearButton
              onClearButtonClick={() => {
                setText("");
                if (search) navigate(`?${cleared.toString()}`);
              }}
            />
          </div>
          <Button submit>Search</Button>
        </InlineStack>
      </Form>
    </Box>
  );
}

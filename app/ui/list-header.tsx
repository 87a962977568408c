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
}

/** Tabs and search of a list; the search input starts anew when the address changes. */
export function ListHeader(props: ListHeaderProps) {
  const { views, view } = props;
  const navigate = useNavigate();
  const [parameters] = useSearchParams();
  const choose = (index: number): void => {
    const next = new URLSearchParams();
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
          accessibilityLabel: count ? `${label}, ${count}` : label,
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

function Search({ views, view, search, searchLabel }: ListHeaderProps) {
  const [text, setText] = useState(search);
  const navigate = useNavigate();
  const cleared = view === views[0]?.id ? "?" : `?view=${view}`;
  return (
    <Box paddingInline="300" paddingBlock="200" borderBlockEndWidth="025" borderColor="border">
      <Form method="get" role="search">
        {view !== views[0]?.id && <input type="hidden" name="view" value={view} />}
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
                if (search) navigate(cleared);
              }}
            />
          </div>
          <Button submit>Search</Button>
        </InlineStack>
      </Form>
    </Box>
  );
}

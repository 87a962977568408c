// The files a vendor made for a part: listed when asked for, because the vendor must be asked; each can be saved.
import { Banner, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useFetcher } from "@remix-run/react";
import { useState } from "react";
import type { Decided, PartFile } from "./decide.server.ts";
import { fetchFile } from "./download.ts";
import type { PartView } from "./order-page.server.ts";

/** The button and, once pressed, the list. */
export function PartFiles({ part }: { part: Pick<PartView, "id" | "vendorLabel"> }) {
  const fetcher = useFetcher<Decided>();
  const busy = fetcher.state !== "idle";
  const answer = busy ? undefined : fetcher.data;
  const files = answer && "files" in answer ? answer.files : undefined;
  return (
    <BlockStack gap="200">
      <InlineStack>
        <Button
          loading={busy}
          onClick={() => fetcher.submit({ intent: "list files", part: part.id }, { method: "post" })}
        >
          {files ? "Look for files again" : "Show files"}
        </Button>
      </InlineStack>
      <div role="status">
        {answer && "refused" in answer && (
          <Banner tone="critical" title={`${part.vendorLabel} could not be asked for files`}>
            {answer.refused}
          </Banner>
        )}
        {files?.length === 0 && (
          <Text as="p" tone="subdued">
            {part.vendorLabel} has made no file for this part yet. Look again later.
          </Text>
        )}
      </div>
      {files?.map((file) => (
        <FileRow key={file.address} file={file} />
      ))}
    </BlockStack>
  );
}

function FileRow({ file }: { file: PartFile }) {
  const [isBusy, setIsBusy] = useState(false);
  const [refused, setRefused] = useState("");
  const save = async (): Promise<void> => {
    setIsBusy(true);
    setRefused("");
    const answer = await fetchFile(file.address, { name: file.name });
    if ("refused" in answer) setRefused(answer.refused);
    setIsBusy(false);
  };
  return (
    <BlockStack gap="100">
      <InlineStack gap="300" align="space-between" blockAlign="center">
        <div style={{ flex: "1 1 12rem", minWidth: 0 }}>
          <Text as="p" breakWord>
            {file.name}
          </Text>
        </div>
        <Button loading={isBusy} accessibilityLabel={`Download ${file.name}`} onClick={() => void save()}>
          Download
        </Button>
      </InlineStack>
      {refused && <Banner tone="critical">{refused}</Banner>}
    </BlockStack>
  );
}

// A picture that only the logged-in merchant may see: fetched by the page once it comes into view, because an <img>
// of its own would ask without the session.
import { BlockStack, Button, InlineStack, Spinner, Text } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import { fetchFile, whyNot } from "./download.ts";

interface PrivatePictureProps {
  /** The address in this app. */
  address: string;
  /** What stands above it. */
  label: string;
  alt: string;
  /** The file's name, should the answer not say one. */
  name: string;
  /** What is shown in its place, when another copy is quicker to load. */
  shown?: string;
}

/** The picture with its label and a button to save it. */
export function PrivatePicture({ address, label, alt, name, shown = address }: PrivatePictureProps) {
  const [isBusy, setIsBusy] = useState(false);
  const [refused, setRefused] = useState("");
  const save = async (): Promise<void> => {
    setIsBusy(true);
    const answer = await fetchFile(address, { name });
    setRefused("refused" in answer ? answer.refused : "");
    setIsBusy(false);
  };
  return (
    <BlockStack gap="200">
      <Text as="h4" variant="bodySm" tone="subdued">
        {label}
      </Text>
      <Shown key={shown} address={shown} alt={alt} />
      <InlineStack>
        <Button
          size="slim"
          loading={isBusy}
          accessibilityLabel={`Download: ${alt}`}
          onClick={() => void save()}
        >
          Download
        </Button>
      </InlineStack>
      <div role="status">
        {refused && (
          <Text as="p" tone="critical">
            {refused}
          </Text>
        )}
      </div>
    </BlockStack>
  );
}

// Its place is kept from the start, so that nothing moves when it arrives.
const frame = {
  inlineSize: "100%",
  blockSize: "14rem",
  display: "grid",
  // Of a fixed height: a row as high as its picture would cut the picture off.
  gridTemplate: "minmax(0, 1fr) / minmax(0, 1fr)",
  placeItems: "center",
  background: "var(--p-color-bg-surface-secondary)",
  borderRadius: "var(--p-border-radius-200)",
  overflow: "hidden",
} as const;

function Shown({ address, alt }: { address: string; alt: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [source, setSource] = useState<string>();
  const [refused, setRefused] = useState<string>();
  useEffect(() => {
    const leaving = new AbortController();
    let made: string | undefined;
    const load = async (): Promise<void> => {
      const answer = await fetchPicture(address, leaving.signal);
      if (leaving.signal.aborted || answer === undefined) return;
      if ("refused" in answer) return setRefused(answer.refused);
      made = URL.createObjectURL(answer.blob);
      setSource(made);
    };
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        watcher.disconnect();
        void load();
      },
      { rootMargin: "200px" },
    );
    if (place.current) watcher.observe(place.current);
    return () => {
      watcher.disconnect();
      leaving.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [address]);
  return (
    <div ref={place} style={frame} aria-busy={source === undefined && refused === undefined}>
      {source !== undefined ? (
        <img src={source} alt={alt} style={{ inlineSize: "100%", blockSize: "100%", objectFit: "contain" }} />
      ) : refused !== undefined ? (
        <Text as="p" tone="subdued" alignment="center">
          {refused}
        </Text>
      ) : (
        <Spinner size="small" accessibilityLabel={`Loading: ${alt}`} />
      )}
    </div>
  );
}

async function fetchPicture(
  address: string,
  signal: AbortSignal,
): Promise<{ blob: Blob } | { refused: string } | undefined> {
  try {
    const response = await fetch(address, { signal });
    return response.ok ? { blob: await response.blob() } : { refused: await whyNot(response) };
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof TypeError) return { refused: "The picture did not arrive. Load the page again." };
    throw error;
  }
}

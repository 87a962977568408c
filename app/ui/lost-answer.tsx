// Says in the frame, for every page, that the answer to the last click was lost on the way.
import { Banner, Box } from "@shopify/polaris";
import { useLocation } from "@remix-run/react";
import { useEffect } from "react";
import { forgetLostAnswer, useLostAnswer } from "./lost.ts";

/** The banner. It stays in view however far the page is scrolled, and above a dialog that is still open. */
export function LostAnswer() {
  const { pathname } = useLocation();
  const sentence = useLostAnswer();
  // It belongs to the page it happened on.
  useEffect(() => forgetLostAnswer, [pathname]);
  if (sentence === undefined) return null;
  return (
    <div style={{ position: "sticky", top: 0, zIndex: "var(--p-z-index-12)" }}>
      <Box padding="200">
        <Banner tone="warning" onDismiss={forgetLostAnswer}>
          <p>{sentence}</p>
        </Banner>
      </Box>
    </div>
  );
}

// The contextual save bar: App Bridge draws it at the top of Shopify's admin. Where App Bridge is not there, the
// same two buttons stand at the foot of the form, so that a change can always be saved.
import { BlockStack, Box, Button, InlineStack } from "@shopify/polaris";
import { useBlocker } from "@remix-run/react";
import { useEffect, useState } from "react";
import { appBridge } from "./app-bridge.ts";

interface SaveBarProps {
  /** Its id on the page. */
  id: string;
  /** Whether something was changed. */
  open: boolean;
  saving: boolean;
  onSave: () => void;
  onDiscard: () => void;
}

/** Save and Discard for a form with changes; leaving the page with changes asks first. */
export function SaveBar({ id, open, saving, onSave, onDiscard }: SaveBarProps) {
  const [bar, setBar] = useState<UISaveBarElement | null>(null);
  const isDrawn = typeof bar?.show === "function";

  useEffect(() => {
    if (!bar || typeof bar.show !== "function") return undefined;
    void (open ? bar.show() : bar.hide());
    return () => void bar.hide();
  }, [bar, open]);
  useLeaveQuestion(open && !saving);

  return (
    <>
      <ui-save-bar id={id} ref={setBar}>
        <button type="button" variant="primary" disabled={saving} onClick={onSave}>
          Save
        </button>
        <button type="button" disabled={saving} onClick={onDiscard}>
          Discard
        </button>
      </ui-save-bar>
      {bar && !isDrawn && open && (
        <Box paddingBlockStart="400">
          <BlockStack>
            <InlineStack gap="200" align="end">
              <Button disabled={saving} onClick={onDiscard}>
                Discard
              </Button>
              <Button variant="primary" loading={saving} onClick={onSave}>
                Save
              </Button>
            </InlineStack>
          </BlockStack>
        </Box>
      )}
    </>
  );
}

function useLeaveQuestion(hasChanges: boolean): void {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => hasChanges && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    const ask = appBridge()?.saveBar?.leaveConfirmation;
    if (!ask) blocker.proceed();
    // The promise settles only when the merchant leaves; who stays just goes on.
    else void ask().then(() => blocker.proceed());
  }, [blocker]);
}

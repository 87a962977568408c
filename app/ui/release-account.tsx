// The way out for an account that was stopped because nobody could explain what was found in it.
import { InlineStack } from "@shopify/polaris";
import { Confirm } from "./confirm.tsx";

interface ReleaseProps {
  vendorLabel: string;
  busy: boolean;
  onRelease: () => void;
}

/** The button, which asks first: pressed too early, somebody else's things would be bought. */
export function ReleaseAccount({ vendorLabel, busy, onRelease }: ReleaseProps) {
  return (
    <InlineStack>
      <Confirm
        label="Release the account"
        title="Release the account?"
        confirm="I have looked, release it"
        critical={false}
        busy={busy}
        onConfirm={onRelease}
      >
        Do this when the account at {vendorLabel} is in order again: nothing of somebody else is left in it.
        All orders that wait for this account go on at once.
      </Confirm>
    </InlineStack>
  );
}

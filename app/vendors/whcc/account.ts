// For whom a design is: WHCC keeps designs by account, and its tokens are for one account each.
import { refuse } from "../vendor.ts";
import type { Settings } from "./settings.ts";

/** The field of tools about one account's designs. */
export const account = {
  key: "accountId",
  kind: "text",
  label: "Account ID",
  help: "The account the design is made for. Leave empty for the one in the settings.",
  required: false,
} as const;
/** The account for what belongs to no shopper: lists, callbacks, a test of the keys. */
export const ownAccount = (settings: Settings): string => settings.accountId?.trim() || "makerlane";

/** The account a merchant named in a tool, else the one of the settings. */
export function accountOf(given: string | undefined, settings: Settings): string {
  return (
    given?.trim() ||
    settings.accountId?.trim() ||
    refuse(
      "Say for which account: there is none in the WHCC settings. Any text of your own that stays the same for this shopper will do.",
    )
  );
}

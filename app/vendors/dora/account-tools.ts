// The login, as a merchant sees it: whose it is, a new password, and the end of its session.
import { defineTool, refuse, type AnyTool } from "../vendor.ts";
import { logOut, readUser, resetPassword, signIn } from "./sessions.ts";
import type { Settings } from "./settings.ts";

const tool = defineTool<Settings>();
const group = "Account";

const whoAmI = tool({
  id: "who-am-i",
  label: "Whose login this is",
  help: "Shows the dealer, country, currency and rights of the login that this connection uses.",
  group,
  fields: [],
  // The login of the app refuses one that may not buy, and what that one may is the question here.
  withoutLogin: true,
  run: async (_input, settings, calls) => {
    const token = calls.token || (await signIn(settings, calls)).token;
    const user = await readUser(settings, { ...calls, token });
    const { role, dealer_name, country_name, country_code, currency_code, user_id } = user;
    const country = [country_name, country_code ? `(${country_code})` : ""].filter(Boolean).join(" ");
    const mayNot = role?.toLowerCase() === "nopurchase";
    return {
      sentence: `${settings.username} is a login of ${dealer_name || "a dealer that Dora does not name"}.`,
      facts: [
        ["Dealer", dealer_name || "not told"],
        ["Country", country || "not told"],
        ["Prices in", currency_code || "not told"],
        ["Role", role || "not told"],
        ["User number", user_id === null || user_id === undefined ? "not told" : String(user_id)],
      ],
      ...(mayNot && {
        warnings: [
          "This login may look but not buy, so no order can be sent. Ask Dora for the right to purchase.",
        ],
      }),
    };
  },
});

const newPassword = tool({
  id: "reset-password",
  label: "Ask for a new password",
  help: "Dora sends an e-mail with a link to choose a new password. Afterwards enter it in the settings of this connection.",
  group,
  fields: [
    {
      key: "username",
      kind: "text",
      label: "User name",
      help: "Leave it empty for the login of this connection.",
      required: false,
    },
  ],
  withoutLogin: true,
  confirm:
    "Dora sends an e-mail with a link. Once a new password is chosen, orders wait until you enter it in the settings.",
  run: async (input, settings, calls) => {
    const username = input.username?.trim() || settings.username.trim();
    const contact = await resetPassword(username, settings, calls);
    if (!contact) return { sentence: `Dora knows no user “${username}”, so no e-mail was sent.` };
    return {
      sentence: `Dora sends an e-mail with a link to choose a new password for “${username}”.`,
      facts: contact.map(([name, value]) => [labelOf(name), value] as const),
    };
  },
});

const endSession = tool({
  id: "log-out",
  label: "End the session",
  help: "Logs this connection's login out at Dora. This app logs in again by itself when it next needs to.",
  group,
  fields: [
    {
      key: "everybody",
      kind: "toggle",
      label: "I know that this may also log out people who use the same login",
      default: false,
    },
  ],
  confirm: "The session of this login ends, perhaps also that of a person who uses the same login.",
  run: async ({ everybody }, settings, calls) => {
    if (!everybody) refuse("Nothing was done. Tick the field to say that people may be logged out as well.");
    await logOut(settings, calls);
    return {
      sentence: "The session has ended. This app logs in again by itself with the next order or question.",
    };
  },
});

/** "first_name" as a person reads it: "First name". */
function labelOf(name: string): string {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The tools of the account, in the order in which the admin shows them. */
export const accountTools: readonly AnyTool<Settings>[] = [whoAmI, newPassword, endSession];

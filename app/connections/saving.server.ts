// Connecting a vendor account, or changing one. Settings are tried at the vendor before they are kept.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { sealJson } from "../crypto.server.ts";
import { insistInTransaction } from "../db.server.ts";
import { askingFor, keepToken } from "../vendors/asking.server.ts";
import { readForm } from "../vendors/fields.ts";
import { vendorById } from "../vendors/index.server.ts";
import { VendorError, type Vendor } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import { makeDue, wakeFor } from "./health.server.ts";
import { leaveAccount } from "./leaving.server.ts";
import { freeName, isNameTaken } from "./name.server.ts";
import { findConnection, gone, openSettings, settingsPlace } from "./row.server.ts";

// What every connection has beside its vendor's own fields.
const common = z.object({
  label: z.string().trim().max(80, "Keep the name under 80 characters."),
  holdMinutes: z.coerce
    .number({ error: "Enter whole minutes from 0 to 4320 (three days)." })
    .int("Enter whole minutes from 0 to 4320 (three days).")
    .min(0, "Enter whole minutes from 0 to 4320 (three days).")
    .max(4320, "Enter whole minutes from 0 to 4320 (three days)."),
  approve: z.boolean(),
  takesTestOrders: z.boolean(),
});

/**
 * Connects a vendor account or changes one. The form holds the vendor's fields by their keys, and `label`,
 * `holdMinutes`, `approve`, `takesTestOrders`. Nothing is kept unless the vendor accepts the settings; `_form` is
 * the error that belongs to no field.
 */
export async function saveConnection(
  world: World,
  given: { shop: string; vendorId: string; connectionId?: string | undefined; form: FormData },
): Promise<{ errors: Record<string, string> } | { connectionId: string; sentence: string }> {
  const { shop, vendorId, form } = given;
  const vendor = vendorById(vendorId);
  if (!vendor) return { errors: { _form: "This vendor is not known." } };
  const before = given.connectionId
    ? await findConnection(world.db, { shop, connectionId: given.connectionId })
    : undefined;
  if (given.connectionId && before?.vendor !== vendorId) return { errors: { _form: gone } };

  const kept = before ? openSettings(before) : {};
  const read = readForm(vendor.settings, form, kept);
  const text = (key: string): string => String(form.get(key) ?? "").trim();
  const isOn = (key: string): boolean => ["true", "on"].includes(text(key));
  const own = common.safeParse({
    label:
      text("label") || (before?.label ?? (await freeName(world.db, { shop, vendorLabel: vendor.label }))),
    holdMinutes: text("holdMinutes") || String(before?.holdMinutes ?? 30),
    approve: isOn("approve"),
    takesTestOrders: isOn("takesTestOrders"),
  });
  const isTaken = own.success && (await isNameTaken(world.db, { shop, label: own.data.label, before }));
  if ("errors" in read || !own.success || isTaken) {
    const errors: Record<string, string> = "errors" in read ? { ...read.errors } : {};
    for (const issue of own.error?.issues ?? []) errors[issue.path.join(".")] ??= issue.message;
    if (isTaken) errors["label"] = "Another connection has this name. Choose one that tells the two apart.";
    return { errors };
  }
  const tried = await tryOut(world, { vendor, settings: read.values, shop });
  if ("refused" in tried) return { errors: { _form: `${tried.refused} Nothing was saved.` } };

  const id = before?.id ?? randomUUID();
  const key = vendor.accountKey?.(read.values) ?? id;
  // Routing locks an order before its connection, and this the other way round.
  await insistInTransaction(world.db, async (sql) => {
    const account = await sql.query<{ id: string }>(
      `INSERT INTO "Account" (id, vendor, key, "atOnce", "quietSeconds") VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (vendor, key) DO UPDATE SET "atOnce" = EXCLUDED."atOnce", "quietSeconds" = EXCLUDED."quietSeconds" RETURNING id`,
      [randomUUID(), vendorId, key, vendor.atOnce, vendor.orders?.quiescenceSeconds ?? 0],
    );
    const accountId = account.rows[0]?.id ?? "";
    if (tried.session) await keepToken(sql, { accountId, ...tried.session });
    const { label, holdMinutes, approve, takesTestOrders } = own.data;
    await sql.query(
      `INSERT INTO "Connection" (id, shop, vendor, "accountId", settings, label, "holdMinutes", approve, "takesTestOrders", "testedAt")
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())
       ON CONFLICT (id) DO UPDATE SET "accountId" = EXCLUDED."accountId", settings = EXCLUDED.settings, label = EXCLUDED.label,
         "holdMinutes" = EXCLUDED."holdMinutes", approve = EXCLUDED.approve, "takesTestOrders" = EXCLUDED."takesTestOrders",
         "testedAt" = now(), status = CASE WHEN "Connection".status = 'paused' THEN 'paused' ELSE 'on' END, sentence = NULL, "retestAt" = NULL`,
      [
        id,
        shop,
        vendorId,
        accountId,
        sealJson(read.values, settingsPlace({ id, shop })),
        label,
        holdMinutes,
        approve,
        takesTestOrders,
      ],
    );
    const isElsewhere =
      before !== undefined &&
      (before.accountId !== accountId || addressOf(vendor, kept) !== addressOf(vendor, read.values));
    if (isElsewhere) await leaveAccount(sql, { connectionId: id, accountId, left: before.accountId });
    await makeDue(sql, id);
  });
  wakeFor(world);
  return {
    connectionId: id,
    sentence:
      before?.status === "paused" ? `${tried.sentence} It stays paused until you resume it.` : tried.sentence,
  };
}

const addressOf = (vendor: Vendor, settings: Record<string, unknown>): string =>
  JSON.stringify(vendor.settings.filter(({ kind }) => kind === "url").map(({ key }) => settings[key]));

interface Tried {
  sentence: string;
  session?: { token: string; expiresAt: Date };
}

// With a session of its own, never a kept one: a kept token would let a wrong password pass.
async function tryOut(
  world: World,
  { vendor, settings, shop }: { vendor: Vendor; settings: Record<string, unknown>; shop: string },
): Promise<Tried | { refused: string }> {
  try {
    const talk = await askingFor(world, { vendor, settings, accountId: undefined, shop });
    const sentence = await vendor.test(settings, talk.asking);
    const { token } = talk.asking;
    return talk.tokenExpires ? { sentence, session: { token, expiresAt: talk.tokenExpires } } : { sentence };
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    return { refused: error.message };
  }
}

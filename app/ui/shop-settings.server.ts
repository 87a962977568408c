// What a merchant decides for the whole shop, and the privacy requests that came for it.
import { z } from "zod";
import { openJson } from "../crypto.server.ts";
import { env } from "../env.server.ts";
import { log } from "../log.server.ts";
import { prisma } from "../world.server.ts";
import { fieldErrors } from "./field-errors.ts";

// Requests are rare and old ones are history: the latest are enough on one page.
const shownRequests = 50;

/** Puts the setup guide away for this shop. */
export async function dismissGuide(shop: string): Promise<void> {
  const data = { guideDismissed: true };
  await prisma.shop.upsert({ where: { shop }, update: data, create: { shop, ...data } });
}

/** Everything of the settings page. */
export async function readSettingsPage(shop: string) {
  const [row, requests] = await Promise.all([
    prisma.shop.findUnique({
      where: { shop },
      select: { trigger: true, matchBySku: true, guideDismissed: true },
    }),
    prisma.privacyRequest.findMany({
      where: { shop },
      orderBy: { id: "desc" },
      take: shownRequests,
    }),
  ]);
  return {
    trigger: row?.trigger === "create" ? ("create" as const) : ("paid" as const),
    matchBySku: row?.matchBySku ?? false,
    isGuideDismissed: row?.guideDismissed ?? false,
    personalDataDays: env.PERSONAL_DATA_DAYS,
    rawWebhookDays: env.RAW_WEBHOOK_DAYS,
    requests: requests.map((request) => ({
      id: String(request.id),
      topic: request.topic,
      requestedAt: request.requestedAt.toISOString(),
      doneAt: request.doneAt?.toISOString(),
      outcome: request.outcome,
      hasExport: request.export !== null,
    })),
  };
}

/** What the settings page is given. */
export type SettingsPage = Awaited<ReturnType<typeof readSettingsPage>>;

const settingsSchema = z.object({
  trigger: z.enum(["paid", "create"], { error: "Choose when an order may go." }),
  matchBySku: z.enum(["true", "false"]).transform((text) => text === "true"),
});

/** Keeps the shop's settings. They hold for orders that arrive from now on. */
export async function saveSettings(
  shop: string,
  form: FormData,
): Promise<{ done: string } | { errors: Record<string, string> }> {
  const parsed = settingsSchema.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { errors: fieldErrors(parsed.error) };
  await prisma.shop.upsert({ where: { shop }, update: parsed.data, create: { shop, ...parsed.data } });
  return { done: "Settings saved." };
}

/** Shows the setup guide on Home again. */
export async function showGuide(shop: string): Promise<void> {
  await prisma.shop.updateMany({ where: { shop }, data: { guideDismissed: false } });
}

/** What we hold about one customer, as JSON for the merchant to pass on. That it was taken is logged. */
export async function readExport(given: {
  shop: string;
  request: string;
  user: string;
}): Promise<{ name: string; text: string } | { refused: string }> {
  const { shop, request, user } = given;
  const row = /^\d{1,18}$/.test(request)
    ? await prisma.privacyRequest.findFirst({ where: { id: BigInt(request), shop } })
    : null;
  if (!row?.export) return { refused: "This export is not kept any more." };
  log.info({ shop, user, request }, "personal_data.exported");
  const place = { table: "PrivacyRequest", column: "export", shop, row: request };
  return {
    name: `customer-data-${request}.json`,
    text: JSON.stringify(openJson(row.export, place), null, 2),
  };
}

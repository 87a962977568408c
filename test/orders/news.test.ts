// Which order news are about, and what they do where its answer is still missing.
import { expect, test } from "vitest";
import { keepNews, takeNews } from "#app/orders/news.server.ts";
import { whcc } from "#app/vendors/whcc/index.ts";
import { signatureOf } from "#sandbox/vendors/whcc.ts";
import { testDatabase } from "#test/support/database.ts";
import { aDesignLine, payloadOf, settings } from "#test/vendors/whcc/support.ts";
import { aConnection, aPartRow, aWorld, row, shop, story } from "./rows.ts";

const database = testDatabase();
const world = () => aWorld(database.pool);

async function aPart(part: Record<string, unknown>) {
  const connection = await aConnection(database.pool, { vendor: "whcc", settings: settings() });
  const made = await aPartRow(database.pool, {
    ...connection,
    vendor: "whcc",
    lines: [{ lineId: "14001", quantity: 1 }],
    payload: payloadOf({ lines: [aDesignLine({ quantity: 1 })] }),
    part,
  });
  return {
    ...connection,
    ...made,
    receiver: { id: connection.connectionId, shop, accountId: connection.accountId },
  };
}

const accepted = { event: "Processed", sequence: "1", status: "Accepted", errors: [], parcels: [] };
const sent = { status: "sent", sentAt: new Date() };
const inDoubt = { status: "held", code: "unsure", sentence: "Look there." };

test("news find their order by number, by our reference, by the reference of a second sending, or by a line", async () => {
  const { receiver, vendorOrderId, reference } = await aPart({ ...sent, vendorNumber: "C-1", resend: 1 });
  const abouts = [{ number: "C-1" }, { reference }, { reference: `${reference}-r2` }, { lineId: "14001" }];
  for (const [index, about] of abouts.entries())
    await keepNews(database.pool, receiver, { id: `e-${index}`, about, data: accepted });
  await keepNews(database.pool, receiver, { id: "e-9", about: { reference: "M-9999-a" }, data: accepted });
  expect(await takeNews(world())).toBe(5);
  const { rows } = await database.pool.query(
    `SELECT "callbackId", "vendorOrderId" FROM "VendorCallback" WHERE state = 'done' ORDER BY "callbackId"`,
  );
  expect(rows).toEqual(abouts.map((_, index) => ({ callbackId: `e-${index}`, vendorOrderId })));
});

test("while an order's answer is missing, news of it make us look there at once", async () => {
  const { receiver, reference, vendorOrderId } = await aPart({
    status: "waiting",
    committingAt: new Date(),
    nextRunAt: new Date(Date.now() + 600_000),
  });
  await keepNews(database.pool, receiver, { id: "e-1", about: { reference }, data: accepted });
  const here = world();
  await takeNews(here);
  expect(here.woken).toContain("submission");
  const part = await row(database.pool, "VendorOrder", vendorOrderId);
  expect((part["nextRunAt"] as Date).getTime()).toBeLessThanOrEqual(Date.now() + 1000);
  expect(part["committingAt"]).not.toBeNull();
});

/** What WHCC says of a part that it accepted, as its own callback is read. */
async function acceptedByWhcc(entryId: string) {
  const now = new Date();
  const body = JSON.stringify({
    Event: "Processed",
    Status: "Accepted",
    ConfirmationId: "C-7",
    EntryId: entryId,
    Reference: "#1001",
    SequenceNumber: "1",
  });
  const signature = signatureOf(body, { secret: "whcc_secret", seconds: Math.floor(now.getTime() / 1000) });
  const headers = { "whcc-signature": signature };
  const said = await whcc.callbacks?.read(
    { headers, contentType: "application/json", body, now },
    settings(),
  );
  if (said?.kind !== "news") throw new Error("it was no news");
  return said;
}

test("a callback about an order whose confirmation got no answer is told on that order and makes it looked at now", async () => {
  const { receiver, vendorOrderId } = await aPart({
    status: "waiting",
    committingAt: new Date(),
    nextRunAt: new Date(Date.now() + 600_000),
  });

  await keepNews(database.pool, receiver, await acceptedByWhcc("5551234567890"));
  const here = world();
  await takeNews(here);

  expect(here.woken).toContain("submission");
  const part = await row(database.pool, "VendorOrder", vendorOrderId);
  expect((part["nextRunAt"] as Date).getTime()).toBeLessThanOrEqual(Date.now() + 1000);
  const { rows } = await database.pool.query(`SELECT state, "vendorOrderId" FROM "VendorCallback"`);
  expect(rows).toEqual([{ state: "orphan", vendorOrderId }]);

  // A person, or the confirmation said again, settles that it is there: then it is worked in, and brings its number.
  await database.pool.query(
    `UPDATE "VendorOrder" SET status = 'sent', "sentAt" = now(), "committingAt" = NULL WHERE id = $1`,
    [vendorOrderId],
  );
  await database.later("1 minute");
  await takeNews(here);
  expect(await row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({
    vendorState: "Accepted",
    vendorNumber: "C-7",
  });
});

test("a callback about an entry that WHCC had already is told to the person who was asked about it", async () => {
  const { receiver, vendorOrderId } = await aPart({ ...inDoubt, part: "b", resend: 1 });

  await keepNews(database.pool, receiver, await acceptedByWhcc("5551234567890-b-r2"));
  await takeNews(world());

  expect((await row(database.pool, "VendorOrder", vendorOrderId))["notice"]).toContain("so it is there");
});

test.each(["5551234567890-b", "5551234567890-r2", "5551234567891"])(
  "a callback about another part, another sending or another order (%s) changes nothing on this one",
  async (entryId) => {
    const { receiver, vendorOrderId } = await aPart(inDoubt);

    await keepNews(database.pool, receiver, await acceptedByWhcc(entryId));
    await takeNews(world());

    expect((await row(database.pool, "VendorOrder", vendorOrderId))["notice"]).toBeNull();
  },
);

test("a person who was asked whether an order exists reads that the vendor speaks of it", async () => {
  const { receiver, reference, vendorOrderId } = await aPart(inDoubt);
  await keepNews(database.pool, receiver, { id: "e-1", about: { reference }, data: accepted });
  await takeNews(world());
  const part = await row(database.pool, "VendorOrder", vendorOrderId);
  expect(part).toMatchObject({ status: "held", code: "unsure" });
  expect(part["notice"]).toContain("so it is there");
});

test("news that cannot be read are tried again, then said once on the order's page", async () => {
  const { receiver, vendorOrderId, orderId } = await aPart({ ...sent, vendorNumber: "C-1" });
  await keepNews(database.pool, receiver, { id: "e-1", about: { number: "C-1" }, data: { event: "Melted" } });
  for (let tries = 0; tries < 6; tries++) {
    await takeNews(world());
    await database.later("2 hours");
  }
  expect((await row(database.pool, "VendorOrder", vendorOrderId))["notice"]).toContain("cannot read");
  expect(await story(database.pool, orderId)).toHaveLength(1);
  expect(await takeNews(world())).toBe(0);
});

test("news about an order whose personal data was erased are said, not guessed", async () => {
  const { receiver, vendorOrderId } = await aPart({ ...sent, vendorNumber: "C-1", payload: null });
  await keepNews(database.pool, receiver, { id: "e-1", about: { number: "C-1" }, data: accepted });
  await takeNews(world());
  expect((await row(database.pool, "VendorOrder", vendorOrderId))["notice"]).toContain(
    "not kept here any more",
  );
});

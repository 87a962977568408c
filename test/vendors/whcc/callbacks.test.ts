// WHCC's callbacks, as the stand-in sends them over real HTTP: handshake, signature, and what each means for the order.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Callback, CallbackRequest, Report, Sent } from "#app/vendors/vendor.ts";
import type { Payload } from "#app/vendors/whcc/payload.ts";
import { callbacks, openDoor, type Door } from "./door.ts";
import { aLineOf, anAttempt, orders, send, settings, startThere, type Given, type There } from "./support.ts";

const now = new Date("2026-11-22T09:00:00Z");

let there: There;
let door: Door;
beforeAll(async () => {
  there = await startThere({ now: () => now });
  door = await openDoor(now);
});
afterAll(async () => {
  door.close();
  await there.stop();
});
beforeEach(() => {
  there.standIn.reset();
  door.received.length = 0;
});

const read = (request: CallbackRequest, more: Record<string, unknown> = {}): Promise<Callback> =>
  callbacks().read(request, settings(more));

/** Sends an order and has its callbacks sent here. */
async function anOrderThere(given: Given = {}): Promise<Sent<Payload>> {
  const one = anAttempt(there, given);
  await callbacks().register?.(door.address, one.mine, one.calls);
  const handshake = door.received.pop();
  const read = handshake && (await callbacks().read(handshake, one.mine));
  if (read?.kind !== "handshake") throw new Error("there was no handshake");
  await callbacks().confirm?.(read.word, one.mine, one.calls);
  const { number } = await send(one);
  return { payload: one.payload, number, notes: one.calls.notes, reference: one.calls.reference };
}

/** Reads what came in since, and lets each change the order as the app would. */
async function tell(sent: Sent<Payload>): Promise<{ reports: Report[]; ids: string[] }> {
  const reports: Report[] = [];
  const ids: string[] = [];
  for (const request of door.received.splice(0)) {
    const callback = await read(request);
    if (callback.kind !== "news") throw new Error(`it was ${callback.kind}`);
    expect(callback.about.number).toBe(sent.number);
    const report = orders().report?.(callback.data, sent);
    if (!report) throw new Error("there was no report");
    sent.notes = { ...sent.notes, ...report.notes };
    reports.push(report);
    ids.push(callback.id);
  }
  return { reports, ids };
}

describe("what becomes of an order", () => {
  test("accepted and shipped, with carrier, number and address of the parcel", async () => {
    const sent = await anOrderThere();

    await there.standIn.accept(sent.number ?? "");
    await there.standIn.ship(sent.number ?? "", 1, { carrier: "FedEx", trackingNumber: "512376671311227" });
    const { reports } = await tell(sent);

    expect(reports).toMatchObject([
      { state: "Accepted", final: false },
      {
        state: "Shipped",
        final: true,
        parcels: [
          {
            id: `${sent.number ?? ""}/1/512376671311227`,
            carrier: "FedEx",
            trackingNumber: "512376671311227",
            trackingUrl: "http://www.fedex.com/Tracking?tracknumbers=512376671311227",
            lines: [{ lineId: "14001", quantity: 2 }],
          },
        ],
      },
    ]);
  });

  test("an order is shipped only when each of its parts is, and every parcel names its own lines", async () => {
    const sent = await anOrderThere({
      lines: [aLineOf("demoPhotoBlock"), aLineOf("demoAlbum", { id: "2", quantity: 2 })],
      products: { "2": { productUids: "426" } },
    });
    const album = there.standIn.ledger()[0]?.lines.filter(({ sku }) => sku === "426");
    const [one, two] = (album ?? []).map(({ detail }) => String(detail["sequence"]));
    const block = ["1", "2", "3"].find((each) => each !== one && each !== two) ?? "";

    await there.standIn.accept(sent.number ?? "");
    for (const [at, sequence] of [one, two, block].entries())
      await there.standIn.ship(sent.number ?? "", sequence ?? "", { trackingNumber: `T${at}` });
    const { reports } = await tell(sent);

    expect(reports.map(({ state }) => state)).toEqual([
      "1 of 3 parts accepted",
      "2 of 3 parts accepted",
      "3 of 3 parts accepted",
      "1 of 3 parts shipped",
      "2 of 3 parts shipped",
      "3 of 3 parts shipped",
    ]);
    expect(reports.map(({ final }) => final)).toEqual([false, false, false, false, false, true]);
    expect(reports.flatMap(({ parcels }) => parcels ?? []).map(({ lines }) => lines)).toEqual([
      [{ lineId: "2", quantity: 1 }],
      [{ lineId: "2", quantity: 1 }],
      [{ lineId: "14001", quantity: 2 }],
    ]);
  });

  test("W14 a rejection after sending is trouble with the picture it is about, and not a parcel", async () => {
    const sent = await anOrderThere();

    const assetPath = "https://cdn.example.com/p.jpg?signature=secret";
    await there.standIn.reject(sent.number ?? "", 1, { code: "400.03", assetPath });
    const { reports } = await tell(sent);

    expect(reports[0]).toMatchObject({ state: "Rejected", final: false });
    expect(reports[0]?.trouble).toContain(
      "part 1: Error copying files from consumer. (400.03) https://cdn.example.com/p.jpg",
    );
    expect(JSON.stringify(reports)).not.toContain("signature=secret");
    expect(reports[0]).not.toHaveProperty("parcels");
  });

  test("a part that is rejected stays trouble when another one ships, until WHCC accepts it after all", async () => {
    const sent = await anOrderThere({
      lines: [aLineOf("demoAlbum", { quantity: 2 })],
      product: { productUids: "426" },
    });

    await there.standIn.reject(sent.number ?? "", 1, { code: "400.01" });
    await there.standIn.ship(sent.number ?? "", 2, {});
    await there.standIn.accept(sent.number ?? "");
    const { reports } = await tell(sent);

    expect(reports.map(({ trouble }) => trouble !== undefined)).toEqual([true, true, false, false]);
    expect(reports[1]).toMatchObject({ state: "1 of 2 parts rejected, 1 of 2 parts shipped", final: false });
    expect(reports[3]).toMatchObject({ state: "1 of 2 parts shipped" });
  });

  test("W16 the same callback told twice is the same news and the same parcel", async () => {
    const sent = await anOrderThere();

    await there.standIn.ship(sent.number ?? "", 1, { trackingNumber: "A" });
    await there.standIn.ship(sent.number ?? "", 1, { trackingNumber: "A" });
    await there.standIn.ship(sent.number ?? "", 1, { trackingNumber: "B" });
    const { reports, ids } = await tell(sent);

    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[1]);
    expect(reports[0]?.parcels).toEqual(reports[1]?.parcels);
  });

  test("news that comes late does not undo a shipment", async () => {
    const sent = await anOrderThere();

    await there.standIn.ship(sent.number ?? "", 1, {});
    await there.standIn.accept(sent.number ?? "");
    const { reports } = await tell(sent);

    expect(reports.map(({ state, final }) => [state, final])).toEqual([
      ["Shipped", true],
      ["Shipped", true],
    ]);
  });

  test("of several parcels of one part the first holds its lines", async () => {
    const sent = await anOrderThere();

    await there.standIn.ship(sent.number ?? "", 1, [{ trackingNumber: "A" }, { trackingNumber: "B" }]);
    const { reports } = await tell(sent);

    expect(reports[0]?.parcels?.map(({ trackingNumber, lines }) => [trackingNumber, lines?.length])).toEqual([
      ["A", 1],
      ["B", 0],
    ]);
  });

  test("a parcel of an order whose number was entered by hand is not guessed at", async () => {
    const many = { ...(await anOrderThere()), notes: {} };
    await there.standIn.ship(many.number ?? "", 1, { trackingNumber: "A" });

    const { reports } = await tell(many);

    expect(reports[0]).toMatchObject({ final: false });
    expect(reports[0]?.trouble).toContain("Enter the parcel by hand");
    expect(reports[0]).not.toHaveProperty("parcels");
  });

  test("an order through the Order Submit API is told of with that API's keys", async () => {
    const sent = await anOrderThere({ settings: { placing: "submit" } });

    await there.standIn.accept(sent.number ?? "");

    expect((await tell(sent)).reports).toMatchObject([{ state: "Accepted" }]);
  });

  test("an event of another kind is ignored with a sentence", async () => {
    const sent = await anOrderThere();
    await there.standIn.tell(sent.number ?? "", 1, { Event: "Packed" });

    const [request] = door.received;

    expect(request && (await read(request))).toEqual({
      kind: "ignored",
      sentence: "WHCC told of “Packed”, which means nothing to this app.",
    });
  });
});

// “Check this order now” at MGE DOT: everything that stands in the way, and nothing ordered or left behind.
import { expect, test } from "vitest";
import { dot } from "#app/vendors/dot/index.ts";
import { memoryCalls } from "#test/vendors/calls.ts";
import {
  baseSettings,
  host,
  kit,
  orders,
  payloadOf,
  previewId,
  optionId,
  problemOf,
  storedKit,
  wireTo,
  world,
  type World,
} from "./world.ts";

type Lines = Parameters<typeof payloadOf>[0];

async function check(mge: World, lines: Lines, settings: Record<string, unknown> = {}): Promise<string[]> {
  const ability = orders().check;
  if (!ability) throw new Error("MGE DOT checks orders");
  return ability(payloadOf(lines, { settings }), mge.settings, mge.calls());
}

const linked = ({ photos }: World, path = "/p.jpg") => kit({ _dot_asset_url: `${photos.url}${path}` });

test.each(["draft", "direct"])("an order that MGE would make has no problem (%s)", async (submission) => {
  const mge = await world({ submission });

  expect(await check(mge, [linked(mge)], { submission })).toEqual([]);
  expect(mge.seen()).toEqual(["POST /api/v1/orders/validate/"]);
  expect(mge.mge.ledger()).toEqual([]);
});

test("everything that is wrong is said at once, by the merchant's own line numbers", async () => {
  const mge = await world();
  const strange = { ...linked(mge), product: { sku: "DOT/VF/41X51/W/BLACK/STD" } };
  const problems = await check(mge, [linked(mge), strange, linked(mge, "/gone.jpg")]);

  expect(problems).toEqual([
    expect.stringContaining("no longer at its link"),
    expect.stringContaining("Line 2 (DOT/VF/41X51/W/BLACK/STD)"),
  ]);
});

test("an expired preview is found before the order is sent", async () => {
  const mge = await world();
  const line = kit({ _dot_preview_option_id: optionId, _dot_preview_id: previewId });

  expect((await check(mge, [line])).join(" ")).toContain("no longer offers the preview");
});

test.each(["checked", "sent"])(
  "a preview number of somebody else's holds its order and leaves the connection on (%s)",
  async (how) => {
    const mge = await host({
      [`GET /api/v1/preview/${previewId}/purchase-options/`]: {
        status: 403,
        json: { detail: "You do not own this preview." },
      },
      "POST /api/v1/orders/validate/": { json: { valid: true } },
    });
    const settings = { ...baseSettings, baseUrl: mge.url, submission: "direct" };
    const payload = payloadOf([kit({ _dot_preview_option_id: optionId, _dot_preview_id: previewId })], {
      settings,
    });
    const calls = memoryCalls({ vendor: dot, settings, http: wireTo(mge.url) });

    const words =
      how === "checked"
        ? await orders().check?.(payload, settings, calls)
        : [(await problemOf(() => orders().submit(payload, settings, calls))).message];

    expect(words).toEqual([expect.stringContaining("no longer offers the preview that line 1")]);
    expect(mge.asked.map(({ path }) => path)).not.toContain("/api/v1/orders/");
  },
);

test("a photo that is brought as a link is checked by its link, and a stored one by the SKU of its line", async () => {
  const mge = await world();
  const stored = {
    ...storedKit("https://app.example.com/a/1"),
    product: { sku: "DOT/VF/41X51/W/BLACK/STD" },
  };
  const problems = await check(mge, [stored, linked(mge)], { artworkTransfer: "upload" });

  expect(problems).toEqual([
    "MGE DOT does not list DOT/VF/41X51/W/BLACK/STD. Choose another kit on the Products page.",
  ]);
  expect(mge.seen()).toEqual(["GET /api/v1/products/types/DOT/variants/", "POST /api/v1/orders/validate/"]);
});

test("a refused form is read as the merchant's problem, and a bad key is not", async () => {
  const mge = await world();
  const expired = { ...mge.settings, brandId: 117 };
  const ability = orders().check;

  const problem = await problemOf(() =>
    ability?.(payloadOf([linked(mge)], { settings: { brandId: 117 } }), expired, mge.calls()),
  );
  expect(problem.problem).toBe("connection");
  mge.mge.fault({ on: "POST /api/v1/orders/validate/", kind: "expired-preview" });
  expect((await check(mge, [linked(mge)])).join(" ")).toMatch(/^MGE DOT: .*expired.*choose again/);
});

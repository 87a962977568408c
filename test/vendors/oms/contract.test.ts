// The OMS in the battery: an unanswered order is held, or sent again where the merchant said that silence is proof.
import { startOms } from "#sandbox/vendors/oms.ts";
import { properties } from "#test/support/builders.ts";
import { orderContract } from "#test/vendors/contract.ts";

for (const afterSilence of ["hold", "send-again"] as const) {
  orderContract({
    vendor: "oms",
    mode: afterSilence === "hold" ? "silence is held" : "silence is sent again",
    start: () => startOms({ port: 0 }),
    settings: (url) => ({
      baseUrl: url,
      token: "oms_demo",
      storeId: "S1",
      defaultShippingCode: "STANDARD",
      afterSilence,
    }),
    product: {},
    line: () => ({
      quantity: 1,
      properties: properties({
        _template_config: "%7B%22a%22%3A1%7D",
        _thumbnail: "https://cdn.example.com/t.png",
      }),
    }),
    privateHosts: () => [],
    provable: afterSilence === "send-again",
    lines: [{ quantity: 1 }],
  });
}

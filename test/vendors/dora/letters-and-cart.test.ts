// The tools of Dora that change something: letters leave once, and what somebody left in the cart is taken out.
import { expect, test } from "vitest";
import { atDora, errorOf, orders, payloadOf } from "./rings.ts";
import { rowOf, useTool, type Memory } from "./tool.ts";

const at = atDora();

const message = { name: "Ana Tan", email: "ana@example.com", comment: "Where is order 10045?" };
const box = { name: "Ring box", width: 80, height: 60.5, terms: true };

async function desk(memory: Memory = new Map()) {
  return { calls: await at.loggedIn(), settings: at.settings(), memory };
}

const letters = (): number =>
  at.standIn.requests().filter(({ path }) => path === "/contact/submit" || path === "/product/request")
    .length;

test("a message is sent once, and the same one again only on purpose", async () => {
  const there = await desk();

  expect((await useTool("contact", there, message)).sentence).toContain("ana@example.com");
  expect((await errorOf(() => useTool("contact", there, message))).message).toContain(
    "Exactly this was sent",
  );
  expect(letters()).toBe(1);
  await useTool("contact", there, { ...message, comment: "Thank you" });
  await useTool("contact", there, { ...message, again: true });
  expect(letters()).toBe(3);
});

test("a message whose answer was lost is not sent again by itself", async () => {
  const there = await desk();
  at.standIn.fault({ on: "POST /contact/submit", kind: "reset-after" });

  expect((await errorOf(() => useTool("contact", there, message))).problem).toBe("unsure");
  expect((await errorOf(() => useTool("contact", there, message))).message).toContain("may or may not");
  expect(letters()).toBe(1);
  expect((await useTool("contact", there, { ...message, again: true })).sentence).toContain(
    "has your message",
  );
});

test("a message that Dora clearly did not take can be sent at once", async () => {
  const there = await desk();
  at.standIn.fault({ on: "POST /contact/submit", kind: "too-many" });

  expect((await errorOf(() => useTool("contact", there, message))).problem).toBe("retry");
  expect((await useTool("contact", there, message)).sentence).toContain("has your message");
});

test("when Dora says that it failed to send, the merchant reads its words and may send again without a tick", async () => {
  const there = await desk();
  at.standIn.failMail("SMTP connect() failed.");

  const failed = [
    await errorOf(() => useTool("contact", there, message)),
    await errorOf(() => useTool("product-request", there, box)),
  ];
  expect(failed.map(({ problem, message: said }) => [problem, said])).toEqual([
    ["rejected", "Dora: Failed to send message: SMTP connect() failed."],
    ["rejected", "Dora: Failed to send request: SMTP connect() failed."],
  ]);

  at.standIn.reset();
  const again = await desk(there.memory);
  expect((await useTool("contact", again, message)).sentence).toContain("has your message");
  expect((await useTool("product-request", again, box)).sentence).toContain("has your request");
});

test("a failure in other words may have sent the message, so it is not sent again by itself", async () => {
  const there = await desk();
  at.standIn.fault({ on: "POST /contact/submit", kind: "error-done" });
  at.standIn.fault({ on: "POST /product/request", kind: "html-502-done" });

  expect((await errorOf(() => useTool("contact", there, message))).problem).toBe("unsure");
  expect((await errorOf(() => useTool("contact", there, message))).message).toContain("may or may not");
  expect((await errorOf(() => useTool("product-request", there, box))).problem).toBe("unsure");
  expect(letters()).toBe(2);
});

test("an e-mail address that is none never leaves", async () => {
  const there = await desk();
  const error = await errorOf(() => useTool("contact", there, { ...message, email: "ana at home" }));

  expect(error.message).toBe("The e-mail address does not look like one.");
  expect((await errorOf(() => useTool("contact", there, { ...message, comment: " " }))).message).toBe(
    "A field is empty.",
  );
  expect(letters()).toBe(0);
});

test("a product request takes a logo and another address along", async () => {
  const logo = { filename: "logo.png", contentType: "image/png", bytes: new Uint8Array([1, 2, 3]) };
  const address = {
    otherAddress: true,
    street: "Hauptstrasse 5",
    city: "Köln",
    country: "Germany",
    zipcode: "50667",
  };
  const result = await useTool("product-request", await desk(), { ...box, ...address, logo, notes: "In mm" });

  expect(result.sentence).toBe("Dora has your request for “Ring box” and answers by e-mail.");
  expect(letters()).toBe(1);
});

test("a product request without the terms, or with an address Dora refuses, never leaves", async () => {
  const there = await desk();
  const address = {
    otherAddress: true,
    street: "Main St. 5",
    city: "Köln",
    country: "Germany",
    zipcode: "50667",
  };
  const sentences = [
    await errorOf(() => useTool("product-request", there, { ...box, terms: false })),
    await errorOf(() => useTool("product-request", there, { ...box, ...address })),
    await errorOf(() =>
      useTool("product-request", there, { ...box, ...address, street: "Main 5", zipcode: "D-5" }),
    ),
  ].map((error) => error.message);

  expect(sentences).toEqual([
    expect.stringContaining("terms"),
    expect.stringContaining("street"),
    expect.stringContaining("postcode"),
  ]);
  expect(letters()).toBe(0);
});

test("the cart is shown with its keys and what is in it, and an empty one is said to be empty", async () => {
  const there = await desk();
  expect((await useTool("cart", there)).sentence).toBe("The cart is empty.");

  await leaveSomething(there);
  const result = await useTool("cart", there);
  expect(result.sentence).toBe("The cart holds 2 pieces.");
  expect(rowOf(result)).toMatchObject({
    Item: "style 4021",
    Quantity: 2,
    "As configured": "size 56, 17.7 mm, 4 mm wide, Band: Gold 14 kt Yellow Polished",
  });
  expect(result.warnings?.[0]).toContain("no other order");
});

test("a line is taken out, and one that is gone already is said to be gone", async () => {
  const there = await desk();
  await leaveSomething(there);
  const itemKey = String(rowOf(await useTool("cart", there))["Key"]);
  const take = () => useTool("cart-remove", there, { itemKey });

  expect((await take()).sentence).toBe("2 × style 4021 was taken out of the cart. The cart is empty now.");
  expect((await take()).sentence).toContain("nothing to take out");
  expect(at.said("DELETE")).toBe(1);
});

test("a key that is not in the cart takes nothing out", async () => {
  const there = await desk();
  await leaveSomething(there);
  const result = await useTool("cart-remove", there, { itemKey: "no-such-key" });

  expect(result.sentence).toContain("no line with this key");
  expect(result.table?.rows).toHaveLength(1);
  expect(at.said("DELETE")).toBe(0);
});

test("after somebody's ring was taken out, orders are sent again", async () => {
  const there = await desk();
  await leaveSomething(there);
  await errorOf(() => orders.submit(payloadOf(), there.settings, there.calls));
  const itemKey = String(rowOf(await useTool("cart", there))["Key"]);
  await useTool("cart-remove", there, { itemKey });

  expect((await orders.submit(payloadOf(), there.settings, there.calls)).number).toBeDefined();
});

// As a person at Dora's website leaves it.
async function leaveSomething({ calls }: Awaited<ReturnType<typeof desk>>): Promise<void> {
  const [line] = payloadOf().lines;
  await calls.ask({
    method: "PUT",
    url: `${at.standIn.url}/cart`,
    headers: { authorization: `Bearer ${calls.token}` },
    json: { ...line?.put, quantity: 2 },
    expect: "anything",
  });
}

// What a click's answer becomes when it is lost on the way; the browser's side of it is test/browser/demo-shop.test.ts.
import { expect, test } from "vitest";
import { clickAction, clientAction, shouldRevalidate } from "#app/ui/lost.ts";

function aClick(serverAction: () => Promise<unknown>, signal = new AbortController().signal) {
  const request = new Request("https://app.example.com", { method: "POST", signal });
  return { request, params: {}, serverAction } as Parameters<typeof clientAction>[0];
}
const change = {
  currentUrl: new URL("https://app.example.com/app"),
  nextUrl: new URL("https://app.example.com/app"),
  currentParams: {},
  nextParams: {},
  defaultShouldRevalidate: true,
};
const cut = () => Promise.reject(new TypeError("Failed to fetch"));

test.each([
  ["the connection is cut", new TypeError("Failed to fetch")],
  ["the answer cannot be read", new Error("Unable to decode turbo-stream response from URL: x")],
])("when %s the page stays, and does not read its data again", async (_, error) => {
  for (const action of [clientAction, clickAction]) {
    const answer = await action(aClick(() => Promise.reject(error)));
    const { status: actionStatus } = answer as Response;
    expect(shouldRevalidate({ ...change, actionStatus })).toBe(false);
  }
  expect(shouldRevalidate({ ...change, actionStatus: 200 })).toBe(true);
  expect(shouldRevalidate(change)).toBe(true);
});

test("an answer that arrives is the page's, and so is an error of the app itself", async () => {
  expect(await clientAction(aClick(() => Promise.resolve({ done: "Saved." })))).toEqual({ done: "Saved." });
  const thrown = new Error("Unexpected Server Error");
  await expect(clientAction(aClick(() => Promise.reject(thrown)))).rejects.toBe(thrown);
});

test("whoever left the page is told nothing", async () => {
  await expect(clientAction(aClick(cut, AbortSignal.abort()))).rejects.toBeInstanceOf(TypeError);
});

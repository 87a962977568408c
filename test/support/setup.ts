// Before any test file: the environment the app's modules will read, and nothing that hides a failure.
import { afterEach, expect, vi } from "vitest";
import "./redirect.ts";
import { testEnv } from "./postgres.ts";

Object.assign(process.env, testEnv);

// A stray console.error is a failure that nobody looked at.
const errors = vi.spyOn(console, "error");
afterEach(() => {
  const said = errors.mock.calls.map((call) => call.join(" "));
  errors.mockClear();
  expect(said, "console.error was called").toEqual([]);
});

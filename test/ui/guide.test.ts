// The setup guide never claims a step that the data does not show.
import { expect, test } from "vitest";
import { setupSteps } from "#app/ui/guide.ts";

test("a new shop has everything to do, and every step says where", () => {
  const steps = setupSteps({ connections: 0, mappings: 0, routed: 0, sent: 0 });

  expect(steps.map((step) => step.done)).toEqual([false, false, false, false]);
  expect(steps.every((step) => step.action !== undefined)).toBe(true);
});

test("each step is done by its own fact", () => {
  const done = (facts: Parameters<typeof setupSteps>[0]): string[] =>
    setupSteps(facts)
      .filter((step) => step.done)
      .map((step) => step.id);

  expect(done({ connections: 1, mappings: 0, routed: 0, sent: 0 })).toEqual(["connect"]);
  expect(done({ connections: 1, mappings: 4, routed: 0, sent: 0 })).toEqual(["connect", "choose"]);
  expect(done({ connections: 2, mappings: 4, routed: 1, sent: 1 })).toHaveLength(4);
});

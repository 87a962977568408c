// What the vendors' documents offer, held against our calls and the stand-ins' routes: an endpoint that one of them
// lacks fails here, so that coverage cannot drift.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { vendors } from "#app/vendors/index.server.ts";
import { endpoints as brand, stage as brandStage } from "./brand/endpoints.ts";
import { documented, type Documented } from "./documented.ts";
import { endpoints as dora, stage as doraStage } from "./dora/endpoints.ts";
import { endpoints as dot, stage as dotStage } from "./dot/endpoints.ts";
import type { Endpoint, Stage } from "./endpoints.ts";
import { endpoints as oms, stage as omsStage } from "./oms/endpoints.ts";
import { endpoints as whcc, stage as whccStage } from "./whcc/endpoints.ts";

const folders: Record<string, { endpoints: readonly Endpoint[]; stage: () => Promise<Stage> }> = {
  dot: { endpoints: dot, stage: dotStage },
  oms: { endpoints: oms, stage: omsStage },
  whcc: { endpoints: whcc, stage: whccStage },
  dora: { endpoints: dora, stage: doraStage },
  brand: { endpoints: brand, stage: brandStage },
};

test("every vendor in the list has a table of what its document offers, and calls for it", () => {
  const listed = vendors.map(({ id }) => id).sort();
  expect(Object.keys(documented).sort()).toEqual(listed);
  expect(Object.keys(folders).sort()).toEqual(listed);
});

describe.each(Object.entries(folders))("%s", (id, { endpoints, stage }) => {
  const offered = documented[id] ?? [];
  let there: Stage;
  beforeAll(async () => {
    there = await stage();
  });
  afterAll(() => there.stop());

  test("has a call for everything the document offers, and for nothing else", () => {
    expect(endpoints.map(nameOf).sort()).toEqual(offered.map(nameOf).sort());
  });

  test("has a stand-in that answers everything the document offers", () => {
    const routes = there.standIn.routes();
    const missing = offered.filter(
      ({ method, path }) => !routes.some((route) => route.method === method && endsWith(route.path, path)),
    );
    expect(missing).toEqual([]);
  });

  test.each(endpoints.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    "%s: our call reaches it and is understood",
    async (_name, { method, path, call }) => {
      const before = there.standIn.requests().length;
      await call(there);
      const made = there.standIn.requests().slice(before);
      const reached = made.filter((one) => one.method === method && matches(one.path, path));
      expect(reached.length, `requests made: ${made.map(nameOf).join(", ")}`).toBeGreaterThan(0);
      for (const { status } of reached) expect(Number(status)).toBeLessThan(400);
    },
  );
});

function nameOf({ method, path }: Pick<Documented, "path"> & { method: string }): string {
  return `${method} ${path}`;
}

// Stand-ins name their routes with the host's own path before the document's.
function endsWith(route: string, path: string): boolean {
  return route === path || route.endsWith(path);
}

function matches(asked: string, path: string): boolean {
  const [address = ""] = asked.split("?");
  const pattern = path
    .split("*")
    .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("[^/]+");
  return new RegExp(`${pattern}$`).test(address);
}

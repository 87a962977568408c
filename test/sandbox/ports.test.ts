import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { freePorts } from "#sandbox/demo/ports.ts";

const taken = createServer();
afterAll(() => new Promise((closed) => taken.close(closed)));

test("no two parts of the demo get the same port, and none gets one that somebody has", async () => {
  const port = await new Promise<number>((resolve) =>
    taken.listen(0, "127.0.0.1", () => resolve((taken.address() as AddressInfo).port)),
  );
  const [free] = await freePorts([0]);

  const ports = await freePorts([port, free ?? 0, free ?? 0, 0, 0, 0]);

  expect(new Set(ports).size).toBe(6);
  expect(ports).not.toContain(port);
});

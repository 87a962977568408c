// Ports for the demo: the same ones every time when they are free, so that an open browser tab goes on working.
import { createServer, type Server } from "node:net";

/** One port for each: the preferred one when nobody listens there, else any free one. All of them differ. */
export async function freePorts(preferred: readonly number[]): Promise<number[]> {
  // All are held until the last is found, or two of them could be the same.
  const held: Server[] = [];
  try {
    for (const port of preferred) held.push((await hold(port)) ?? (await hold(0)) ?? noPort());
    return held.map(portOf);
  } finally {
    await Promise.all(held.map((server) => new Promise((closed) => server.close(closed))));
  }
}

function hold(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return address && typeof address === "object" ? address.port : noPort();
}

function noPort(): never {
  throw new Error("no port is free");
}

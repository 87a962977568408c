// A host on loopback with one shopper's photo, for vendors that are sent a link.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";

// The first bytes of a JPEG and some filling: what looks at a link looks no further.
const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(3000, 7)]);

/** Serves the photo while the test file runs. */
export function photoHost(): { url(): string } {
  let server: Server | undefined;
  beforeAll(async () => {
    server = createServer((_request, response) =>
      response.writeHead(200, { "content-type": "image/jpeg" }).end(jpeg),
    );
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    server?.closeAllConnections();
    server?.close();
  });
  return { url: () => `http://127.0.0.1:${(server?.address() as AddressInfo).port}/photo.jpg` };
}

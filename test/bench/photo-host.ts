// A host with one shopper's photo, as a process of its own: real first bytes of a JPEG for every path, in part when
// only a part is asked for.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(60_000, 7)]);

const server = createServer((request, response) => {
  const last = /^bytes=0-(\d+)$/.exec(request.headers.range ?? "")?.[1];
  const bytes = last === undefined ? jpeg : jpeg.subarray(0, Number(last) + 1);
  const range = { "content-range": `bytes 0-${bytes.length - 1}/${jpeg.length}` };
  response
    .writeHead(last === undefined ? 200 : 206, {
      "content-type": "image/jpeg",
      "content-length": bytes.length,
      ...(last !== undefined && range),
    })
    .end(bytes);
});
server.keepAliveTimeout = 65_000;
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(0));

// Posts webhooks to the door and notes when each was acknowledged, by the machine's clock. Who is not acknowledged is
// posted again, as Shopify would; here at once.
import { connect, type Socket } from "node:net";
import { createReader } from "./reply.ts";

/** Where webhooks are posted. */
export interface Poster {
  /** Answers with the time (ms since 1970) of the 200. */
  post(bytes: Buffer): Promise<number>;
  /** How often something else than 200 was answered. */
  refusals(): number;
  close(): void;
}

/** Opens `connections` kept-alive connections; each carries one webhook at a time, more wait their turn. */
export async function openPoster(port: number, connections: number): Promise<Poster> {
  const free: ((bytes: Buffer) => Promise<number>)[] = [];
  const waiting: (() => void)[] = [];
  const sockets: Socket[] = [];
  let refused = 0;
  for (let n = 0; n < connections; n++) {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    sockets.push(socket);
    free.push(conversation(socket));
  }
  const post = async (bytes: Buffer): Promise<number> => {
    while (free.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    const send = free.pop();
    if (!send) throw new Error("no connection");
    const status = await send(bytes);
    const at = performance.timeOrigin + performance.now();
    free.push(send);
    waiting.shift()?.();
    if (status === 200) return at;
    refused++;
    return post(bytes);
  };
  return {
    post,
    refusals: () => refused,
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function conversation(socket: Socket): (bytes: Buffer) => Promise<number> {
  const read = createReader();
  let answered: ((status: number) => void) | undefined;
  let failed: ((error: Error) => void) | undefined;
  socket.on("data", (chunk) => {
    const status = read(chunk);
    if (status !== undefined) answered?.(status);
  });
  socket.on("error", (error) => failed?.(error));
  socket.on("close", () => failed?.(new Error("the door closed the connection")));
  return (bytes) =>
    new Promise((resolve, reject) => {
      answered = resolve;
      failed = reject;
      socket.write(bytes);
    });
}

// Opening and closing a server on loopback.
import type { Server } from "node:http";

/** Listens on 127.0.0.1; port 0 takes any free one. */
export function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

/** Closes at once, with the connections that are kept alive. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

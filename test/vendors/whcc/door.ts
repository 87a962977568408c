// A door on loopback that WHCC's callbacks come to, as the app's own address would take them.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { CallbackRequest } from "#app/vendors/vendor.ts";
import { whcc } from "#app/vendors/whcc/index.ts";

export interface Door {
  address: string;
  /** What came in, oldest first. */
  received: CallbackRequest[];
  close(): void;
}

/** Opens the door. It answers everything with 200. */
export async function openDoor(now: Date): Promise<Door> {
  const received: CallbackRequest[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      const headers = request.headers as Record<string, string>;
      received.push({ headers, contentType: headers["content-type"] ?? "", body, now });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/vendors/whcc/1`,
    received,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The callbacks ability; WHCC calls back. */
export function callbacks(): NonNullable<typeof whcc.callbacks> {
  if (!whcc.callbacks) throw new Error("WHCC has callbacks");
  return whcc.callbacks;
}

// What the WHCC stand-in's tests share: both logins, an order ready to be imported, and a shop that hears webhooks.
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { WhccStandIn } from "#sandbox/vendors/whcc.ts";
import { at, clientOf, type Answer } from "./client.ts";

export type Ask = ReturnType<typeof clientOf>;

/** A client with an editor token for this shopper. */
export async function editorClient(whcc: WhccStandIn, accountId = "demo-shopper"): Promise<Ask> {
  const login = { key: "whcc_demo", secret: "whcc_secret", claims: { accountId } };
  const { body } = await clientOf(whcc, undefined)("POST", "/api/v1/auth/access-token", login);
  return clientOf(whcc, String(at(body, "accessToken")));
}

/** A client with a token of the Order Submit API. */
export async function submitClient(whcc: WhccStandIn): Promise<Ask> {
  const query = "grant_type=consumer_credentials&consumer_key=oas_demo&consumer_secret=oas_secret";
  const { body } = await clientOf(whcc, undefined)("GET", `/api/AccessToken?${query}`);
  return clientOf(whcc, String(at(body, "Token")));
}

export const shipTo = {
  name: "Chris Hanline",
  addr1: "2840 Lone Oak Parkway",
  city: "Eagan",
  state: "MN",
  zip: "55121",
  country: "US",
};
export const wholeExport = {
  editors: [{ editorId: "demoPhotoBlock", quantity: 2 }],
  orderAttributes: [96, 545],
  entryId: "5551234567890",
  reference: "#1001",
  shipToAddress: shipTo,
  shipFromAddress: { ...shipTo, name: "Returns Department", addr2: "Suite 390" },
};

export function exportOf(ask: Ask, changes: object = {}): Promise<Answer> {
  return ask("PUT", "/api/v1/oas/editors/export", { ...wholeExport, ...changes });
}

/** The order body of an export, as an integration would hand it on. */
export async function orderOf(ask: Ask, changes: object = {}): Promise<Record<string, unknown>> {
  return at((await exportOf(ask, changes)).body, "order") as Record<string, unknown>;
}

/** Exports, imports and confirms through the Editor API; answers with the ConfirmationID. */
export async function placedOrder(ask: Ask, changes: object = {}): Promise<string> {
  const { body } = await ask("POST", "/api/v1/oas/orders/create", await orderOf(ask, changes));
  const id = String(at(body, "ConfirmationID"));
  await ask("POST", `/api/v1/oas/orders/${id}/confirm`);
  return id;
}

export interface Heard {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A shop on this machine that takes whatever is posted to it. `answer` may be changed in the middle. */
export async function listeningShop() {
  const heard: Heard[] = [];
  const shop = { answer: 200 };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      heard.push({ headers: request.headers, body });
      response.writeHead(shop.answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, heard, shop, close };
}

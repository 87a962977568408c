// The shop under its real address, https://demo.myshopify.com, for what looks at the address a page came from. A relay
// on loopback with a certificate made on the spot; the browser is told to find the name there and to trust it.
import { generateKeyPairSync, sign } from "node:crypto";
import { request as httpRequest } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

/** The relay's own address and where it passes requests on to. */
export interface Relay {
  port: number;
  /** The shop's address, known only after the browser was started. */
  to: string;
  close(): void;
}

/** Starts the relay. */
export async function startRelay(): Promise<Relay> {
  const server = createServer(selfSigned("demo.myshopify.com"), (request, response) => {
    const { method, headers, url } = request;
    const onward = httpRequest(relay.to + (url ?? "/"), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const relay: Relay = {
    port: (server.address() as AddressInfo).port,
    to: "",
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return relay;
}

// An X.509 certificate in its shortest form (RFC 5280, 4.1): Node makes keys and signatures but no certificates.
function selfSigned(name: string): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const ecdsaWithSha256 = der(0x30, der(0x06, Buffer.from("2a8648ce3d040302", "hex")));
  const commonName = der(0x30, der(0x06, Buffer.from("550403", "hex")), der(0x0c, Buffer.from(name)));
  const who = der(0x30, der(0x31, commonName));
  const time = (text: string) => der(0x17, Buffer.from(text));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    who,
    der(0x30, time("200101000000Z"), time("491231235959Z")),
    who,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signed = der(0x03, Buffer.from([0]), sign("sha256", body, privateKey));
  const base64 = der(0x30, body, ecdsaWithSha256, signed).toString("base64").replace(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

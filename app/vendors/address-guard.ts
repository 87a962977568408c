// Which IP addresses are not the public internet. Pure. Merchants type the web addresses of vendors, so a
// request must never be steered to the operator's own network (OWASP SSRF prevention cheat sheet).
import { BlockList, isIPv4, isIPv6 } from "node:net";

const closed = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  closed.addSubnet(network, prefix, "ipv4");
// Beside the private and local ranges: what embeds an IPv4 address (mapped, 6to4, NAT64, Teredo), because the
// inner address would decide where the packet goes.
for (const [network, prefix] of [
  ["::", 96],

  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const)
  closed.addSubnet(network, prefix, "ipv6");

/** True for every address that is not a public one, and for what is not an IP address at all. */
export function isPrivateAddress(address: string): boolean {
  const plain = address.replace(/%.*$/, "");
  if (isIPv4(plain)) return closed.check(plain, "ipv4");
  if (!isIPv6(plain)) return true;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  return mapped ? isPrivateAddress(mapped) : closed.check(plain, "ipv6");
}

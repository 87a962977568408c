// The same UUID for the same name, always: what the OMS calls a variant of ours cannot come out differently twice.

// The name space for web addresses (RFC 9562, section 6.6).
const space = "6ba7b811-9dad-11d1-80b4-00c04fd430c8";

/** The UUID (version 5, 36 characters) of a Shopify variant, for the OMS's `uuid` of a variant. */
export function variantUuid(variantId: string): Promise<string> {
  return uuidOf(`gid://shopify/ProductVariant/${variantId}`);
}

/** The UUID (version 5) of any text. */
export async function uuidOf(text: string): Promise<string> {
  const prefix = Uint8Array.from(space.replaceAll("-", "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const name = new TextEncoder().encode(text);
  const whole = new Uint8Array(prefix.length + name.length);
  whole.set(prefix);
  whole.set(name, prefix.length);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-1", whole)).slice(0, 16);
  const bytes = hash.map((byte, at) =>
    at === 6 ? (byte & 0x0f) | 0x50 : at === 8 ? (byte & 0x3f) | 0x80 : byte,
  );
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

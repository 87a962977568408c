// Sealing of secrets and personal data at rest: AES-256-GCM, bound to where it stands, keys that rotate.
//
// An envelope is: form (1 byte: 1 plain, 2 deflated) · length of the key's name (1) · key's name · nonce (12) ·
// tag (16) · ciphertext. The additional data is table, column, shop, row and key name, so a sealed value copied
// to another row, column or shop does not open.
import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { env } from "./env.server.ts";

/** Where a sealed value stands; it opens nowhere else. */
export interface Place {
  table: string;
  column: string;
  shop: string;
  row: string;
}

// A sealed value never holds more than a webhook body; the cap keeps a forged one from filling the memory.
const maxPlainBytes = 32 * 1024 * 1024;

// Key objects, made once: given as bytes, Node 24 takes a key apart at every use, and that alone cost twice as much as
// sealing a 7 KB webhook (21 µs against 7, measured 2026-11-22).
const keys = env.ENCRYPTION_KEYS.map(({ id, key }) => ({ id, key: createSecretKey(key) }));

function boundTo({ table, column, shop, row }: Place, keyId: string): Buffer {
  return Buffer.from([table, column, shop, row, keyId].join("\u0000"));
}

// Random bytes are drawn for many nonces at once: a call for twelve bytes costs as much as one for thousands, and was
// 7 % of an acknowledgement at the webhook door (measured 2026-11-22). Each is handed out once.
const nonceBytes = 12;
let nonces = Buffer.alloc(0);
function freshNonce(): Buffer {
  if (nonces.length === 0) nonces = randomBytes(nonceBytes * 256);
  const nonce = nonces.subarray(0, nonceBytes);
  nonces = nonces.subarray(nonceBytes);
  return nonce;
}

// A small window costs less to begin than it saves: 22 µs instead of 27 for a 7 KB webhook, and as small (measured 2026-11-29).
const deflating = { level: 3, windowBits: 13 };

/** Seals bytes or text with the newest key. `deflate` makes text small first. */
export function seal(
  plain: string | Uint8Array,
  place: Place,
  { deflate = false }: { deflate?: boolean } = {},
): Buffer {
  const raw = typeof plain === "string" ? Buffer.from(plain) : plain;
  return deflate ? lock(2, deflateRawSync(raw, deflating), place) : lock(1, raw, place);
}

/** Opens what `seal` made for the same place. Throws when it was changed, moved, or its key is gone. */
export function open(envelope: Uint8Array, place: Place): Buffer {
  const { form, bytes } = unlock(envelope, place);
  return form === 2 ? inflateRawSync(bytes, { maxOutputLength: maxPlainBytes }) : bytes;
}

/** The name of the key that seals now. */
export function currentKeyName(): string {
  const [current] = keys;
  if (!current) throw new Error("no encryption key");
  return current.id;
}

/** The same value sealed with the key that seals now; undefined when it already is. Throws as `open` does. */
export function sealAnew(envelope: Uint8Array, place: Place): Buffer | undefined {
  if (keyNameOf(envelope) === currentKeyName()) return undefined;
  const { form, bytes } = unlock(envelope, place);
  return lock(form, bytes, place);
}

function keyNameOf(envelope: Uint8Array): string {
  return Buffer.from(envelope.subarray(2, 2 + (envelope[1] ?? 0))).toString();
}

type Form = 1 | 2;

function lock(form: Form, bytes: Uint8Array, place: Place): Buffer {
  const [current] = keys;
  if (!current) throw new Error("no encryption key");
  const nonce = freshNonce();
  const cipher = createCipheriv("aes-256-gcm", current.key, nonce).setAAD(boundTo(place, current.id));
  const sealed = cipher.update(bytes);
  cipher.final(); // GCM adds nothing at the end, but must be told
  const keyId = Buffer.from(current.id);
  return Buffer.concat([Buffer.from([form, keyId.length]), keyId, nonce, cipher.getAuthTag(), sealed]);
}

function unlock(envelope: Uint8Array, place: Place): { form: Form; bytes: Buffer } {
  const form = envelope[0];
  const nameEnd = 2 + (envelope[1] ?? 0);
  const keyId = keyNameOf(envelope);
  const key = keys.find((candidate) => candidate.id === keyId);
  if (!key || (form !== 1 && form !== 2) || envelope.length < nameEnd + 28)
    throw new Error("a sealed value cannot be opened: unknown form or key");
  const decipher = createDecipheriv("aes-256-gcm", key.key, envelope.subarray(nameEnd, nameEnd + 12), {
    authTagLength: 16,
  })
    .setAAD(boundTo(place, keyId))
    .setAuthTag(envelope.subarray(nameEnd + 12, nameEnd + 28));
  return { form, bytes: Buffer.concat([decipher.update(envelope.subarray(nameEnd + 28)), decipher.final()]) };
}

/** Seals a value as deflated JSON. */
export function sealJson(value: unknown, place: Place): Buffer {
  return seal(JSON.stringify(value), place, { deflate: true });
}

/** Opens what `sealJson` made. The caller knows its type, because only this app writes it. */
export function openJson(envelope: Uint8Array, place: Place): unknown {
  return JSON.parse(open(envelope, place).toString());
}

/** Seals text for a text column (base64url of the envelope, marked), for tables whose shape a library decides. */
export function sealText(plain: string, place: Place): string {
  return `sealed:${seal(plain, place).toString("base64url")}`;
}

/** Opens what `sealText` made. */
export function openText(text: string, place: Place): string {
  return open(envelopeOf(text), place).toString();
}

/** `sealAnew` for what `sealText` made. */
export function sealTextAnew(text: string, place: Place): string | undefined {
  const made = sealAnew(envelopeOf(text), place);
  return made && `sealed:${made.toString("base64url")}`;
}

function envelopeOf(text: string): Buffer {
  if (!text.startsWith("sealed:")) throw new Error("a value that should be sealed is not");
  return Buffer.from(text.slice(7), "base64url");
}

/** SHA-256 in hex. */
export function sha256(value: string | Uint8Array): string {
  return createHash("sha256").update(value).digest("hex");
}

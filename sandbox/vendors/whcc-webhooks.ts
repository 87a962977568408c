// WHCC's webhooks: an address is registered, proved by a verifier that is posted to it, and then hears what becomes
// of its orders, signed. Sources: WHCC Editor API, "Webhooks"; Order Submit API, "Webhook registration", "Event
// types", "Security and signatures", read 2026-11-22.
import { createHmac, randomUUID } from "node:crypto";
import { request } from "node:http";
import { z } from "zod";
import { json, type Call, type Reply, type Route } from "./stand-in.ts";
import { isLoopback, isText, readStrictly } from "./strict.ts";
import { secondsIn } from "./whcc-clock.ts";
import { editorError, failure, sentenceOf } from "./whcc-errors.ts";
import type { Caller, Consumer, createTokens } from "./whcc-tokens.ts";

/** One webhook and what its receiver said. "nobody": no verified address; "none": no answer. */
export interface Delivery {
  url: string | undefined;
  body: string;
  status: number | "none" | "nobody";
}

interface Waiting {
  key: string;
  body: string;
}

interface Given {
  now: () => Date;
  consumers: Consumer[];
  as: ReturnType<typeof createTokens>["as"];
}

const createSchema = z.strictObject({ callbackUri: isText });
const verifySchema = z.strictObject({ verifier: isText });
const validateSchema = z.strictObject({
  body: z.union([isText, z.record(z.string(), z.unknown())], { error: "This field is required." }),
  signature: isText,
});

/** The value of the WHCC-Signature header. The document's example writes its hex in capitals. */
export function signatureOf(body: string, signed: { secret: string; seconds: number }): string {
  const { secret, seconds } = signed;
  const hex = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex").toUpperCase();
  return `t=${seconds},v1=${hex}`;
}

/** The registration routes, and the sending. One address for each set of credentials. */
export function createWebhooks({ now, consumers, as }: Given) {
  const verified = new Map<string, string>();
  const pending = new Map<string, { url: string; verifier: string }>();
  let waiting: Waiting[] = [];

  async function register(caller: Caller, callbackUri: string): Promise<Reply> {
    const url = URL.parse(callbackUri);
    if (!url) return failure("400.04");
    if (url.protocol !== "https:" && !isLoopback(url.hostname)) return failure("400.04", "https is required");
    const verifier = randomUUID();
    pending.set(caller.key, { url: url.href, verifier });
    // Unsigned, and before this request is answered: the receiver must expect it already.
    const status = await post(url, {
      body: new URLSearchParams({ verifier }).toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    return isGood(status) ? json(200, { callbackUri }) : failure("400.05");
  }

  function verify(caller: Caller, verifier: string): Reply {
    const registration = pending.get(caller.key);
    if (registration?.verifier !== verifier) return failure("400.04", "the verification code is not right");
    pending.delete(caller.key);
    verified.set(caller.key, registration.url);
    return json(200, { callbackUri: registration.url });
  }

  function validate(caller: Caller, call: Call): Reply {
    const read = readStrictly(validateSchema, call.body);
    if (!read.ok) return editorError(400, sentenceOf(read.troubles));
    const { body, signature } = read.value;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const seconds = Number(/(?:^|,)t=(\d+)/.exec(signature)?.[1] ?? 0);
    return json(200, { isValid: signature === signatureOf(text, { secret: caller.secret, seconds }) });
  }

  async function deliver({ key, body }: Waiting): Promise<Delivery> {
    const url = verified.get(key);
    const consumer = consumers.find((one) => one.key === key);
    if (url === undefined || !consumer) return { url, body, status: "nobody" };
    const signature = signatureOf(body, { secret: consumer.secret, seconds: secondsIn(now()) });
    const headers = { "content-type": "application/json", "WHCC-Signature": signature };
    const status = await post(new URL(url), { body, headers });
    if (!isGood(status)) waiting.push({ key, body });
    return { url, body, status };
  }

  async function each(list: Waiting[]): Promise<Delivery[]> {
    const deliveries: Delivery[] = [];
    for (const one of list) deliveries.push(await deliver(one));
    return deliveries;
  }

  const asJson = <Value>(
    schema: z.ZodType<Value>,
    step: (caller: Caller, value: Value) => Reply | Promise<Reply>,
  ) =>
    as((caller, call) => {
      const read = readStrictly(schema, call.body);
      return read.ok ? step(caller, read.value) : editorError(400, sentenceOf(read.troubles));
    });
  const asForm = (field: string, step: (caller: Caller, value: string) => Reply | Promise<Reply>) =>
    as((caller, call) => {
      const value = call.form?.get(field);
      return step(caller, typeof value === "string" ? value : "");
    });

  const routes: Route[] = [
    {
      method: "POST",
      path: "/api/v1/webhooks/create",
      answer: asJson(createSchema, (caller, { callbackUri }) => register(caller, callbackUri)),
    },
    {
      method: "POST",
      path: "/api/v1/webhooks/verify",
      answer: asJson(verifySchema, (caller, { verifier }) => verify(caller, verifier)),
    },
    { method: "POST", path: "/api/v1/webhooks/validate", answer: as(validate) },
    // The document's curl has -F: multipart, although the page is headed "Content-type: application/json".
    { method: "POST", path: "/api/callback/create", takes: "form", answer: asForm("callbackUri", register) },
    { method: "POST", path: "/api/callback/verify", takes: "form", answer: asForm("verifier", verify) },
  ];
  return {
    routes,
    /** Sends to whoever ordered with `key`; what is not answered with 2xx waits for `redeliver`. */
    send: (key: string, bodies: Record<string, unknown>[]): Promise<Delivery[]> =>
      each(bodies.map((body) => ({ key, body: JSON.stringify(body) }))),
    /** Sends once more, signed anew, what was not taken. */
    redeliver(): Promise<Delivery[]> {
      const again = waiting;
      waiting = [];
      return each(again);
    },
    waiting: (): number => waiting.length,
    /** Registrations stay: they belong to the account, not to its orders. */
    reset(): void {
      waiting = [];
    },
  };
}

const isGood = (status: number | "none"): boolean => status !== "none" && status >= 200 && status < 300;

const answerWithinMs = 10_000;

/** Posts to an address on this machine only, whatever was registered; never follows a redirect. */
function post(url: URL, sent: { body: string; headers: Record<string, string> }): Promise<number | "none"> {
  if (!isLoopback(url.hostname) || url.protocol !== "http:") return Promise.resolve("none");
  const length = String(Buffer.byteLength(sent.body));
  return new Promise((resolve) => {
    const outgoing = request(
      url,
      {
        method: "POST",
        headers: { ...sent.headers, "content-length": length },
        agent: false,
        timeout: answerWithinMs,
      },
      (response) => {
        response.resume();
        response.on("error", () => undefined);
        resolve(response.statusCode ?? "none");
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in time")));
    outgoing.on("error", () => resolve("none"));
    outgoing.end(sent.body);
  });
}

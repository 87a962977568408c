// Webhooks on their way to the app: signed over the raw bytes, 1 s to connect and 5 s in all, 2xx or failed,
// then up to eight more tries over four hours with the original body (shopify.dev, webhooks).
import { createHmac, randomUUID } from "node:crypto";
import { Agent, request as httpRequest } from "node:http";
import type { AppConfig, Subscription } from "./subscriptions.ts";

/** One try at the app's door. `status` is null when there was no answer. */
export interface Try {
  at: Date;
  status: number | null;
  error: string | null;
  milliseconds: number;
}

/**
 * One webhook. `waiting` = failed, tried again at `nextTryAt`; `given-up` = out of tries; `collected` = kept
 * only, because the shop was started with `deliver: false` or nobody's URL is known.
 */
export interface Delivery {
  /** X-Shopify-Webhook-Id: one per delivery, the same on every retry. */
  id: string;
  eventId: string;
  topic: string;
  shop: string;
  url: string;
  /** The exact text that was signed. It and the headers are emptied for old delivered ones past `keepBodies`. */
  body: string;
  headers: Record<string, string>;
  state: "collected" | "pending" | "delivered" | "waiting" | "given-up";
  tries: Try[];
  nextTryAt: Date | null;
}

/** Seconds before each further try: eight, doubling, four hours in sum. */
export const shopifySchedule = [56, 113, 226, 452, 904, 1807, 3614, 7228];

/** How webhooks are signed, addressed and repeated. */
export interface SenderOptions {
  config: AppConfig;
  now: () => Date;
  retrySchedule: number[];
  deliver: boolean;
  /** Shopify signs with the oldest secret that is not revoked, so this may be a previous one. */
  secret: () => string;
  appUrl: () => string | undefined;
  /** How many delivered bodies stay readable; a long chaos run would else fill the memory. */
  keepBodies: number;
}

/** One thing to tell. `headers` override Shopify's own, for tests of a bad delivery. */
export interface Outgoing {
  topic: string;
  shop: string;
  body: string;
  eventId?: string | undefined;
  headers?: Record<string, string> | undefined;
}

/** At most this many requests at once; more wait, and their five seconds start only when they leave. */
const atOnce = 100;

/** Signs, sends, repeats and remembers. Nothing it does throws. */
export function createSender(options: SenderOptions) {
  const { config, now, retrySchedule } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce + 8 });
  const all: Delivery[] = [];
  const queue: (() => void)[] = [];
  const idle: (() => void)[] = [];
  const waiting = new Set<Delivery>();
  /** Old ones whose body is still needed for a retry; emptied when delivered. */
  const stale = new Set<Delivery>();
  let flying = 0;
  let unsettled = 0;
  let trimmed = 0;
  let stopped = false;

  function addressed(topic: string): Subscription[] {
    return config.subscriptions.filter((subscription) => subscription.topic === topic);
  }

  function make(outgoing: Outgoing, subscription: Subscription): Delivery {
    const base = options.appUrl();
    const body = subscription.includeFields ? trim(outgoing.body, subscription.includeFields) : outgoing.body;
    const id = randomUUID();
    const eventId = outgoing.eventId ?? randomUUID();
    return {
      id: outgoing.headers?.["x-shopify-webhook-id"] ?? id,
      eventId,
      topic: outgoing.topic,
      shop: outgoing.shop,
      url: base ? new URL(subscription.path, base).href : "",
      body,
      headers: {
        "content-type": "application/json",
        "user-agent": "Shopify-Captain-Hook",
        accept: "*/*",
        "x-shopify-topic": outgoing.topic,
        "x-shopify-hmac-sha256": createHmac("sha256", options.secret()).update(body).digest("base64"),
        "x-shopify-shop-domain": outgoing.shop,
        "x-shopify-api-version": config.apiVersion,
        "x-shopify-webhook-id": id,
        "x-shopify-event-id": eventId,
        "x-shopify-triggered-at": now().toISOString(),
        ...(subscription.name ? { "x-shopify-name": subscription.name } : {}),
        ...outgoing.headers,
      },
      state: "collected",
      tries: [],
      nextTryAt: null,
    };
  }

  function keep(delivery: Delivery): void {
    all.push(delivery);
    while (all.length - trimmed > options.keepBodies) {
      const old = all[trimmed++];
      if (old?.state === "delivered") forget(old);
      else if (old) stale.add(old);
    }
  }

  /** One try now. Resolves when it is answered, refused or out of time; never throws. */
  function attempt(delivery: Delivery): Promise<void> {
    delivery.state = "pending";
    delivery.nextTryAt = null;
    unsettled++;
    return new Promise((resolve) => {
      const start = () => {
        flying++;
        const began = now();
        const clock = performance.now();
        post(agent, delivery, (status, error) => {
          flying--;
          const milliseconds = Math.round(performance.now() - clock);
          delivery.tries.push({ at: began, status, error, milliseconds });
          conclude(delivery, status);
          unsettled--;
          resolve();
          queue.shift()?.();
          if (unsettled === 0) for (const wake of idle.splice(0)) wake();
        });
      };
      if (flying < atOnce) start();
      else queue.push(start);
    });
  }

  function conclude(delivery: Delivery, status: number | null): void {
    if (status !== null && status >= 200 && status < 300) {
      delivery.state = "delivered";
      if (stale.delete(delivery)) forget(delivery);
      return;
    }
    const wait = retrySchedule[delivery.tries.length - 1];
    delivery.state = wait === undefined || stopped ? "given-up" : "waiting";
    delivery.nextTryAt = wait === undefined ? null : new Date(now().getTime() + wait * 1000);
    if (delivery.state === "waiting") waiting.add(delivery);
  }

  return {
    deliveries: (): Delivery[] => all,
    subscriptions: config.subscriptions,

    /** Emits to every subscription of the topic, in the background. */
    emit(outgoing: Outgoing): Delivery[] {
      return addressed(outgoing.topic).map((subscription) => {
        const delivery = make(outgoing, subscription);
        keep(delivery);
        if (options.deliver && delivery.url && !stopped) void attempt(delivery);
        return delivery;
      });
    },

    /** Sends one delivery now, subscribed or not, and waits for the answer. */
    async sendNow(outgoing: Outgoing): Promise<Delivery> {
      const group = outgoing.topic.split("/")[0] ?? "";
      const path = addressed(outgoing.topic)[0] ?? {
        topic: outgoing.topic,
        path: `/webhooks/${group}`,
        includeFields: null,
        name: null,
      };
      const delivery = make(outgoing, path);
      keep(delivery);
      if (delivery.url) await attempt(delivery);
      return delivery;
    },

    /** Tries again whatever is due. With a later `at`, all that falls due until then, once each. */
    async retryDue(at: Date = now()): Promise<void> {
      const due = [...waiting].filter((one) => one.nextTryAt && one.nextTryAt <= at);
      for (const one of due) waiting.delete(one);
      await Promise.all(due.map(attempt));
    },

    /** Resolves when every try under way has been answered. */
    settled(): Promise<void> {
      return unsettled === 0 ? Promise.resolve() : new Promise((wake) => idle.push(wake));
    },

    stop(): void {
      stopped = true;
      agent.destroy();
    },
  };
}

/** What `createSender` gives. */
export type Sender = ReturnType<typeof createSender>;

function forget(delivery: Delivery): void {
  delivery.body = "";
  delivery.headers = {};
}

function trim(body: string, fields: string[]): string {
  // Top-level names only, and by text, so that large ids keep their digits.
  const wanted = new Set(fields.map((field) => field.split(".")[0]));
  const parsed = JSON.parse(body, keepDigits) as Record<string, unknown>;
  return JSON.stringify(Object.fromEntries(Object.entries(parsed).filter(([key]) => wanted.has(key))));
}

function keepDigits(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || !context?.source) return value;
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(context.source);
}

/** One POST. Calls `done` once. A redirect is not followed: for Shopify it is a failure. */
function post(
  agent: Agent,
  delivery: Delivery,
  done: (status: number | null, error: string | null) => void,
): void {
  let over = false;
  const finish = (status: number | null, error: string | null) => {
    if (over) return;
    over = true;
    clearTimeout(total);
    clearTimeout(connecting);
    done(status, error);
  };
  const length = String(Buffer.byteLength(delivery.body));
  const outgoing = httpRequest(delivery.url, {
    method: "POST",
    agent,
    headers: { ...delivery.headers, "content-length": length },
  });
  const giveUp = (error: string) => {
    finish(null, error);
    outgoing.destroy();
  };
  const total = setTimeout(() => giveUp("no answer within 5 s"), 5000);
  const connecting = setTimeout(() => giveUp("no connection within 1 s"), 1000);
  outgoing.on("socket", (socket) => {
    if (!socket.connecting) clearTimeout(connecting);
    else socket.once("connect", () => clearTimeout(connecting));
  });
  outgoing.on("response", (response) => {
    response.resume();
    response.on("end", () => finish(response.statusCode ?? null, null));
    response.on("error", (error) => finish(null, error.message));
  });
  outgoing.on("error", (error) => finish(null, error.message));
  outgoing.end(delivery.body);
}

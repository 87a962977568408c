// The logger and its context. A line is a named event with a short, picked list of fields; never a body, an
// address or a key. Context (shop, order, job …) is set once per request or job and stands on every line.
import { AsyncLocalStorage } from "node:async_hooks";
import { pino } from "pino";
import { env } from "./env.server.ts";

const context = new AsyncLocalStorage<Record<string, unknown>>();

/** The logger. Call it as `log.info({ outcome }, "submission.attempted")`. */
export const log = pino({
  level: env.LOG_LEVEL,
  base: null,
  // The second net: what should not be passed in the first place is masked by its name.
  redact: {
    paths: [
      "*.accessToken",
      "*.refreshToken",
      "*.password",
      "*.apiKey",
      "*.token",
      "*.authorization",
      "*.email",
      "*.phone",
      "*.address",
      "password",
      "token",
      "email",
    ],
    censor: "•••",
  },
  mixin: () => context.getStore() ?? {},
  serializers: { err: (error: unknown) => describeError(error) },
});

// Not pino's own: it copies every property of an error, and a failed query's error holds the row's values.
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return {
    type: error.name,
    message: error.message.slice(0, 500),
    code,
    stack: error.stack?.split("\n").slice(1, 8).join("\n"),
    ...(error.cause instanceof Error && { cause: describeError(error.cause) }),
  };
}

/** Runs `work` with more context on every line it logs. */
export function withLogContext<T>(fields: Record<string, unknown>, work: () => T): T {
  return context.run({ ...context.getStore(), ...fields }, work);
}

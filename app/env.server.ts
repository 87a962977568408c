// The only reader of process.env. A wrong or missing variable stops the start with a readable list.
import { z } from "zod";

const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((entry) => entry.trim())
      .filter(Boolean),
  );

// "name:base64 of 32 bytes", comma separated. The first seals, all of them open: that is how keys rotate.
const keys = list.transform((entries, context) => {
  const read = entries.map((entry) => ({
    id: entry.slice(0, entry.indexOf(":")),
    key: Buffer.from(entry.slice(entry.indexOf(":") + 1), "base64"),
  }));
  if (read.length === 0 || read.some(({ id, key }) => !/^[\w-]{1,32}$/.test(id) || key.length !== 32)) {
    context.addIssue(
      'must be "name:key" entries, each key 32 bytes in base64; make one with: openssl rand -base64 32',
    );
    return z.NEVER;
  }
  return read;
});

/** Every variable the app reads: its rule here, its meaning in .env.example (a test holds the two together). */
export const envSchema = z.object({
  NODE_ENV: z.enum(["production", "development", "test"]).default("development"),
  SHOPIFY_API_KEY: z.string().min(1, "is missing"),
  SHOPIFY_API_SECRET: z.string().min(1, "is missing"),
  SHOPIFY_API_SECRET_PREVIOUS: z.string().default(""),
  SHOPIFY_APP_URL: z.url("must be the web address of this app, e.g. https://makerlane.example.com"),
  APP_BRIDGE_URL: z.string().default(""),
  ENCRYPTION_KEYS: keys,
  DATABASE_URL: z.string().default(""),
  DATA_DIR: z.string().default(".data"),
  S3_BUCKET: z.string().default(""),
  S3_REGION: z.string().default("auto"),
  S3_ENDPOINT: z.string().default(""),
  S3_ACCESS_KEY_ID: z.string().default(""),
  S3_SECRET_ACCESS_KEY: z.string().default(""),
  HOST: z.string().default("127.0.0.1"),
  PORT: z.coerce.number({ error: "must be a number" }).int().min(0).max(65535).default(3000),
  ALLOWED_PRIVATE_HOSTS: list,
  WORKER_ORDERS_AT_ONCE: z.coerce.number({ error: "must be a number" }).int().min(1).max(500).default(24),
  RAW_WEBHOOK_DAYS: z.coerce.number({ error: "must be a number" }).int().min(1).max(90).default(30),
  PERSONAL_DATA_DAYS: z.coerce.number({ error: "must be a number" }).int().min(1).max(730).default(90),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});

/** The parsed environment. */
export type Env = Readonly<z.infer<typeof envSchema>>;

/** Reads an environment; on failure the message lists every bad variable on its own line. */
export function readEnv(variables: Record<string, string | undefined>): Env {
  // An empty line in an .env file means "not set".
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = envSchema.safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  const lines = parsed.error.issues.map(
    (issue) =>
      `  ${issue.path.join(".")} ${issue.message.replace(/^Invalid input:.*/, "is missing or unreadable")}`,
  );
  throw new Error(
    `Makerlane cannot start. These environment variables are wrong:\n${[...new Set(lines)].join("\n")}\nSee .env.example for what each one means.`,
  );
}

const secret = new Set<string>([
  "SHOPIFY_API_SECRET",
  "SHOPIFY_API_SECRET_PREVIOUS",
  "ENCRYPTION_KEYS",
  "DATABASE_URL",
  "S3_SECRET_ACCESS_KEY",
] satisfies (keyof Env)[]);

/** Every variable as it may be logged at the start: secrets as "set" or "not set". Derived from the schema. */
export function describeEnv(values: Env): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      secret.has(key) ? (value === "" ? "not set" : "set") : value,
    ]),
  );
}

function readOrExit(): Env {
  try {
    return readEnv(process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

export const env: Env = readOrExit();

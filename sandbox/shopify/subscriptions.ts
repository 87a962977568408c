// Which webhooks go where, and where the app proxy leads: read from shopify.app.toml as Shopify does at
// deploy, or this sandbox's own defaults when the file is not there yet.
import { readFileSync } from "node:fs";

/** One topic's destination. `path` is relative to the app's URL or a whole http(s) URL. */
export interface Subscription {
  topic: string;
  path: string;
  includeFields: string[] | null;
  name: string | null;
}

/** What Shopify knows of the app from its toml. */
export interface AppConfig {
  apiVersion: string;
  scopes: string[];
  subscriptions: Subscription[];
  /** Storefront `/{prefix}/{subpath}/…` leads to the app's `{url}/…`. */
  proxy: { url: string; prefix: string; subpath: string };
}

const orderTopics = ["create", "paid", "updated", "edited", "cancelled"].map((topic) => `orders/${topic}`);
const others = [
  "refunds/create",
  "products/create",
  "products/update",
  "products/delete",
  "bulk_operations/finish",
  "app/uninstalled",
  "app/scopes_update",
];

/** What is used when there is no shopify.app.toml. */
export const defaultConfig: AppConfig = {
  apiVersion: "2026-10",
  scopes: [
    "read_orders",
    "write_orders",
    "read_products",
    "read_customers",
    "read_merchant_managed_fulfillment_orders",
    "write_merchant_managed_fulfillment_orders",
    "write_app_proxy",
  ],
  subscriptions: [
    ...[...orderTopics, ...others].map((topic) =>
      subscription(topic, `/webhooks/${topic.split("/")[0] ?? ""}`),
    ),
    ...["customers/data_request", "customers/redact", "shop/redact"].map((topic) =>
      subscription(topic, "/webhooks/privacy"),
    ),
  ],
  proxy: { url: "/proxy", prefix: "apps", subpath: "makerlane" },
};

function subscription(topic: string, path: string): Subscription {
  return { topic, path, includeFields: null, name: null };
}

/** Reads the app's toml at `path`; the defaults when there is none, or where it says nothing. */
export function readAppConfig(path: string | URL): AppConfig {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return defaultConfig;
  }
  return configFrom(parseToml(text));
}

type TomlValue = string | string[] | boolean | number;
interface TomlSection {
  name: string;
  values: Record<string, TomlValue>;
}

/**
 * The little of TOML that shopify.app.toml uses: [tables], [[arrays of tables]], strings, flags, numbers and
 * lists of strings that may run over lines. Anything else is left out.
 */
export function parseToml(text: string): TomlSection[] {
  const sections: TomlSection[] = [{ name: "", values: {} }];
  const lines = text.split(/\r?\n/);
  for (let n = 0; n < lines.length; n++) {
    let line = withoutComment(lines[n] ?? "").trim();
    const header = /^\[\[?\s*([\w.-]+)\s*\]\]?$/.exec(line);
    if (header?.[1]) {
      sections.push({ name: header[1], values: {} });
      continue;
    }
    const pair = /^([\w-]+)\s*=\s*(.*)$/s.exec(line);
    if (!pair?.[1] || pair[2] === undefined) continue;
    while (line.includes("[") && !line.endsWith("]") && /=\s*\[/.test(line) && n + 1 < lines.length) {
      line += ` ${withoutComment(lines[++n] ?? "").trim()}`;
    }
    const value = tomlValue(line.slice(line.indexOf("=") + 1).trim());
    const last = sections.at(-1);
    if (value !== null && last) last.values[pair[1]] = value;
  }
  return sections;
}

function withoutComment(line: string): string {
  let quote = "";
  for (const [at, char] of [...line].entries()) {
    if (quote) {
      if (char === quote) quote = "";
    } else if (char === '"' || char === "'") quote = char;
    else if (char === "#") return [...line].slice(0, at).join("");
  }
  return line;
}

function tomlValue(text: string): TomlValue | null {
  if (text.startsWith("[")) return [...text.matchAll(/"([^"]*)"|'([^']*)'/g)].map((m) => m[1] ?? m[2] ?? "");
  const quoted = /^"([^"]*)"$|^'([^']*)'$/.exec(text);
  if (quoted) return quoted[1] ?? quoted[2] ?? "";
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+$/.test(text) ? Number(text) : null;
}

function configFrom(sections: TomlSection[]): AppConfig {
  const table = (name: string) => sections.find((section) => section.name === name)?.values ?? {};
  const words = (value: TomlValue | undefined) => (Array.isArray(value) ? value : []);
  const textOr = (value: TomlValue | undefined, other: string) => (typeof value === "string" ? value : other);
  const subscriptions = sections
    .filter((section) => section.name === "webhooks.subscriptions")
    .flatMap(({ values }) =>
      [...words(values["topics"]), ...words(values["compliance_topics"])].map((topic) => ({
        topic,
        path: textOr(values["uri"], "/webhooks"),
        includeFields: Array.isArray(values["include_fields"]) ? values["include_fields"] : null,
        name: typeof values["name"] === "string" ? values["name"] : null,
      })),
    );
  const proxy = table("app_proxy");
  return {
    apiVersion: textOr(table("webhooks")["api_version"], defaultConfig.apiVersion),
    scopes: textOr(table("access_scopes")["scopes"], defaultConfig.scopes.join(","))
      .split(",")
      .map((scope) => scope.trim())
      .filter(Boolean),
    subscriptions: subscriptions.length > 0 ? subscriptions : defaultConfig.subscriptions,
    proxy: {
      url: textOr(proxy["url"], defaultConfig.proxy.url),
      prefix: textOr(proxy["prefix"], defaultConfig.proxy.prefix),
      subpath: textOr(proxy["subpath"], defaultConfig.proxy.subpath),
    },
  };
}

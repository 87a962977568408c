// Shopify's search text in `query:` arguments: `field:value`, `field:>=value`, quotes, AND, OR, NOT, and bare
// words. Enough for what an app asks; a field nobody taught it is an error here, where Shopify only warns.
import { GraphQLError } from "graphql";

interface Term {
  field: string | null;
  op: ":" | ">" | ">=" | "<" | "<=";
  value: string;
  not: boolean;
}

/** Groups joined by OR, each a list of terms that must all hold. */
export type Search = Term[][];

/** Reads a query. `fields` are the names it may use; bare words are always allowed. */
export function readSearch(query: string | null | undefined, fields: string[]): Search {
  const groups: Search = [[]];
  let not = false;
  for (const token of (query ?? "").match(
    /-?\w+:[<>]?=?(?:'[^']*'|"[^"]*"|[^\s()]+)|'[^']*'|"[^"]*"|[^\s()]+/g,
  ) ?? []) {
    if (token === "AND") continue;
    if (token === "OR") groups.push([]);
    else if (token === "NOT") not = true;
    else {
      const term = readTerm(token, not);
      if (term.field !== null && !fields.includes(term.field)) {
        throw new GraphQLError(`The sandbox cannot search by "${term.field}".`, {
          extensions: { code: "SANDBOX_UNKNOWN_SEARCH_FIELD" },
        });
      }
      groups.at(-1)?.push(term);
      not = false;
    }
  }
  return groups;
}

function readTerm(token: string, not: boolean): Term {
  const match = /^(-?)(\w+):(>=|<=|>|<)?(.*)$/s.exec(token);
  if (!match) return { field: null, op: ":", value: unquote(token), not };
  const op = match[3] === ">" || match[3] === ">=" || match[3] === "<" || match[3] === "<=" ? match[3] : ":";
  return { field: match[2] ?? null, op, value: unquote(match[4] ?? ""), not: not || match[1] === "-" };
}

function unquote(text: string): string {
  return text.replace(/^(['"])(.*)\1$/s, "$2");
}

/** Whether a record answers the search. `text` under the empty name is what bare words are looked up in. */
export function matches(search: Search, record: Record<string, string | string[]>): boolean {
  return search.some((terms) => terms.every((term) => holds(term, record) !== term.not));
}

function holds(term: Term, record: Record<string, string | string[]>): boolean {
  const found = record[term.field ?? ""] ?? "";
  const values = Array.isArray(found) ? found : [found];
  return values.some((value) => compare(term, value));
}

function compare({ field, op, value: wanted }: Term, value: string): boolean {
  if (op === ":") {
    if (wanted.includes("*")) return value.toLowerCase().includes(wanted.replaceAll("*", "").toLowerCase());
    if (field === null || field === "title") return value.toLowerCase().includes(wanted.toLowerCase());
    if (/_at$/.test(field)) return Date.parse(value) === Date.parse(wanted);
    return value.toLowerCase() === wanted.toLowerCase();
  }
  const [left, right] = /_at$/.test(field ?? "")
    ? [BigInt(Date.parse(value)), BigInt(Date.parse(wanted) || 0)]
    : [BigInt(value || "0"), BigInt(wanted)];
  if (op === ">") return left > right;
  if (op === ">=") return left >= right;
  return op === "<" ? left < right : left <= right;
}

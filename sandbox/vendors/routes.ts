// From a method and a path to the vendor's route, and what every vendor checks before it reads a field.
import type { IncomingHttpHeaders } from "node:http";
import type { Vendor } from "./stand-in.ts";
import type { Reply, Sent } from "./wire.ts";

/** One request as a route sees it. `params` are the path pieces that stood where the route says `*`. */
export interface Call extends Sent {
  method: string;
  path: string;
  params: string[];
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
}

export interface Route {
  method: string;
  /** `*` stands for one path segment. A last slash is part of the path. */
  path: string;
  /** What body it takes: "json" (default), "form" = multipart, "nothing" = empty or `{}`. */
  takes?: "json" | "form" | "nothing";
  /** Needs no key. */
  open?: boolean;
  /** Not in the vendor's document (pictures): no key, no faults, not in the request log. */
  aside?: boolean;
  answer(call: Call): Reply | Promise<Reply>;
}

/** The key first, then the kind of body: what every one of these vendors checks before it reads a field. */
export function refusal(vendor: Vendor, { route, call }: { route: Route; call: Call }): Reply | undefined {
  if (route.aside) return undefined;
  const turnedAway = route.open ? undefined : vendor.admit(call);
  if (turnedAway) return turnedAway;
  const { method, path, type } = call;
  const complain = (status: number, text: string): Reply => vendor.complain({ status, text, method, path });
  const takes = route.takes ?? "json";
  if (method === "GET") return undefined;
  if (takes === "form") {
    if (call.form) return undefined;
    return complain(415, `Unsupported media type "${type}" in request.`);
  }
  if (call.raw.length === 0) return undefined;
  if (!/^application\/json\b/.test(type)) {
    return complain(415, `Unsupported media type "${type}" in request.`);
  }
  if (call.body === undefined) return complain(400, "JSON parse error");
  if (takes === "nothing" && JSON.stringify(call.body) !== "{}") {
    return complain(400, "This request takes no body.");
  }
  return undefined;
}

interface Found {
  /** Absent when the path exists, but not with this method. */
  route?: Route;
  params: string[];
}

/** Finds a request's route; undefined when no route has such a path. */
export function routeFinder(routes: Route[]): (method: string, path: string) => Found | undefined {
  const split = routes.map((route) => ({ route, pieces: route.path.split("/") }));
  const bySize = new Map<number, typeof split>();
  for (const one of split) bySize.set(one.pieces.length, [...(bySize.get(one.pieces.length) ?? []), one]);
  return (method, path) => {
    const asked = path.split("/");
    let pathExists = false;
    for (const { route, pieces } of bySize.get(asked.length) ?? []) {
      if (!pieces.every((piece, at) => (piece === "*" ? asked[at] !== "" : piece === asked[at]))) continue;
      pathExists = true;
      if (route.method !== method) continue;
      return { route, params: asked.filter((_, at) => pieces[at] === "*").map(decoded) };
    }
    return pathExists ? { params: [] } : undefined;
  };
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

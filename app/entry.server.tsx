// Turns a page into HTML: streamed to people, whole to robots.
import { PassThrough } from "node:stream";
import { createReadableStreamFromReadable, type EntryContext } from "@remix-run/node";
import { RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { log } from "./log.server.ts";
import { addDocumentResponseHeaders } from "./shopify.server.ts";

/** A page that takes longer than this to render is cut off. */
export const streamTimeout = 5_000;

interface Answer {
  status: number;
  headers: Headers;
}

function render(request: Request, { status, headers }: Answer, context: EntryContext): Promise<Response> {
  addDocumentResponseHeaders(request, headers);
  // Shopify's library says who may frame a page of a shop. Any other page is framed by nobody.
  const ancestors = headers.get("Content-Security-Policy") ?? "frame-ancestors 'none';";
  headers.set("Content-Security-Policy", `${ancestors} object-src 'none'; base-uri 'self'`);
  headers.set("Content-Type", "text/html; charset=utf-8");
  const whole = isbot(request.headers.get("user-agent") ?? "");
  return new Promise((resolve, reject) => {
    let started = false;
    let code = status;
    const send = (): void => {
      started = true;
      const body = new PassThrough();
      resolve(new Response(createReadableStreamFromReadable(body), { headers, status: code }));
      pipe(body);
    };
    const { pipe, abort } = renderToPipeableStream(<RemixServer context={context} url={request.url} />, {
      ...(whole ? { onAllReady: send } : { onShellReady: send }),
      onShellError: reject,
      onError: (error) => {
        code = 500;
        // Before the shell is out, onShellError rejects and the error is logged once, by handleError.
        if (started) log.error({ err: error }, "page.render_failed");
      },
    });
    setTimeout(abort, streamTimeout + 1_000).unref();
  });
}

// Remix decides these four parameters.
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
): Promise<Response> {
  return render(request, { status, headers }, context);
}

/** What a loader or action threw that is no Response. Without this, Remix writes it to the console, address and all. */
export function handleError(error: unknown, { request }: { request: Request }): void {
  if (request.signal.aborted) return;
  log.error({ err: error, path: new URL(request.url).pathname }, "page.failed");
}

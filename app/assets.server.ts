// The built files of the pages: their name changes with their content, so a browser keeps them for ever. Text is
// sent compressed; Polaris' stylesheet alone is 444 kB plain and 40 kB as brotli.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import type { RequestHandler } from "express";

const compress = promisify(brotliCompress);
const types: Record<string, string> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** Answers for text files of `folder` to browsers that take brotli. Anything else goes on to the next handler. */
export async function createAssets(folder: string): Promise<RequestHandler> {
  const names = new Set(await readdir(folder));
  const made = new Map<string, Promise<Buffer>>();
  const small = (name: string): Promise<Buffer> => {
    // Made once, when it is first asked for, and kept: a build is a few megabytes in all.
    const buffer =
      made.get(name) ??
      readFile(path.join(folder, name)).then((text) =>
        compress(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 7 } }),
      );
    made.set(name, buffer);
    return buffer;
  };
  return (request, response, next) => {
    const name = request.path.slice(1);
    const type = types[path.extname(name)];
    // Only a name that the build made: nothing a visitor types reaches the disk.
    if (request.method !== "GET" || type === undefined || !names.has(name)) return next();
    if (!/\bbr\b/.test(request.get("accept-encoding") ?? "")) return next();
    small(name)
      .then((body) =>
        response
          .set({
            "Content-Type": type,
            "Content-Encoding": "br",
            "Cache-Control": "public, max-age=31536000, immutable",
            Vary: "Accept-Encoding",
          })
          .end(body),
      )
      .catch(next);
  };
}

// Bodies as browsers send them: JSON, a form with a photo, and the fields of a cart's line.
import type { IncomingMessage } from "node:http";
import busboy from "busboy";

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A JSON body; an empty one is an empty object. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  return JSON.parse((await readAll(request)).toString() || "{}");
}

/** A multipart form, with its photo when there is one. */
export function readForm(
  request: IncomingMessage,
): Promise<{ fields: Record<string, string>; photo?: Buffer }> {
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = {};
    const chunks: Buffer[] = [];
    const parser = busboy({ headers: request.headers });
    parser.on("field", (name, value) => (fields[name] = value));
    parser.on("file", (_name, stream) => stream.on("data", (chunk: Buffer) => chunks.push(chunk)));
    parser.on("error", reject);
    parser.on("close", () => {
      resolve(chunks.length > 0 ? { fields, photo: Buffer.concat(chunks) } : { fields });
    });
    request.pipe(parser);
  });
}

/** What is in a line that is added, whichever way the theme sends it. */
export async function readFields(request: IncomingMessage, type: string): Promise<[string, string][]> {
  if (type.startsWith("multipart/")) return Object.entries((await readForm(request)).fields);
  const text = (await readAll(request)).toString();
  if (!type.includes("json")) return [...new URLSearchParams(text)];
  const { items } = JSON.parse(text) as { items: { id: number; properties?: Record<string, string> }[] };
  return items.flatMap(({ id, properties = {} }) => [
    ["id", String(id)] as [string, string],
    ...Object.entries(properties).map(([name, value]) => [`properties[${name}]`, value] as [string, string]),
  ]);
}

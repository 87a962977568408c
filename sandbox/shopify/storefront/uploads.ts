// Files that shoppers put into a line item property: kept in memory, named as Shopify's CDN names them.
import { createHash } from "node:crypto";
import type { Reply } from "../http.ts";

/** What `createUploads` gives. */
export type Uploads = ReturnType<typeof createUploads>;

/** The files of all shoppers. */
export function createUploads() {
  const files = new Map<string, { bytes: Buffer; type: string }>();
  return {
    /** Keeps a file and gives the public address the property then carries. */
    async keep(shopId: string, file: File): Promise<string> {
      const bytes = Buffer.from(await file.arrayBuffer());
      const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
      const ending = /\.(\w{2,4})$/.exec(file.name)?.[1] ?? "bin";
      const path = `/s/files/1/${shopId}/uploads/${hash}.${ending}`;
      files.set(path, { bytes, type: file.type || "application/octet-stream" });
      return `https://cdn.shopify.com${path}`;
    },
    read(path: string): Reply | null {
      const file = files.get(path);
      return file ? { status: 200, body: file.bytes, type: file.type } : null;
    },
  };
}

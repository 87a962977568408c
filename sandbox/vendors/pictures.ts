// Small pictures and papers the stand-ins hand out where a vendor would: a PNG in one colour, a one-page PDF.
import { createHash } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";

/** A PNG with a simple ring-like disc in a colour chosen by `seed`, so that two products look different. */
export function tinyPng(seed: string, size = 96): Buffer {
  const [red = 0, green = 0, blue = 0] = createHash("sha256").update(seed).digest();
  const rows = Buffer.alloc(size * (1 + size * 3), 255);
  for (let y = 0; y < size; y += 1) {
    const row = y * (1 + size * 3);
    rows[row] = 0;
    for (let x = 0; x < size; x += 1) {
      const fromMiddle = Math.hypot(x - size / 2, y - size / 2) / size;
      if (fromMiddle > 0.44 || fromMiddle < 0.3) continue;
      rows.set([red, green, blue], row + 1 + x * 3);
    }
  }
  return encodePng({ width: size, height: size, rows });
}

/** A PNG from its rows: before each row one zero byte (no filter), then red, green and blue of every pixel. */
function encodePng({ width, height, rows }: { width: number; height: number; rows: Buffer }): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** What the first bytes say a picture is, or undefined when it is none the vendors take. */
export function pictureType(bytes: Uint8Array): "image/jpeg" | "image/png" | "image/webp" | undefined {
  const start = Buffer.from(bytes.subarray(0, 12));
  if (start.length > 3 && start[0] === 0xff && start[1] === 0xd8 && start[2] === 0xff) return "image/jpeg";
  if (start.toString("latin1", 1, 4) === "PNG" && start[0] === 0x89) return "image/png";
  if (start.toString("latin1", 0, 4) === "RIFF" && start.toString("latin1", 8, 12) === "WEBP")
    return "image/webp";
  return undefined;
}

const uploadCapBytes = 25 * 1024 * 1024;

/** What is wrong with an uploaded picture, or undefined. Its declared type is not believed. */
export async function pictureTrouble(file: File): Promise<string | undefined> {
  if (file.size === 0) return "The submitted file is empty.";
  if (file.size > uploadCapBytes) return "The file is larger than 25 MB.";
  const type = pictureType(new Uint8Array(await file.slice(0, 12).arrayBuffer()));
  return type ? undefined : "Upload a valid image: JPEG, PNG or WebP.";
}

/** A valid one-page PDF with these lines of text. */
export function tinyPdf(lines: string[]): Buffer {
  const shown = lines.map(
    (line) => `(${line.replace(/[\\()]/g, "\\$&").replace(/[^\x20-\x7e]/g, "?")}) Tj T*`,
  );
  const content = `BT /F1 12 Tf 16 TL 42 780 Td ${shown.join(" ")} ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let text = "%PDF-1.4\n";
  const offsets = objects.map((object, at) => {
    const offset = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return String(offset).padStart(10, "0");
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((o) => `${o} 00000 n \n`).join("")}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}

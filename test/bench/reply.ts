// Reads HTTP/1.1 answers off a socket: where one ends and what its status was. No more, because the sender shares the
// machine with what it measures.

/** Takes what came; answers with the status when an answer is complete, else undefined. One answer at a time. */
export type Reader = (chunk: Buffer) => number | undefined;

/** A reader for one socket. Throws on what is no answer. */
export function createReader(): Reader {
  let text = "";
  return (chunk) => {
    text = text === "" ? chunk.toString("latin1") : text + chunk.toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) return undefined;
    if (!isComplete(text, end)) return undefined;
    const status = Number(text.slice(9, 12));
    if (!text.startsWith("HTTP/1.1 ") || !(status >= 100)) throw new Error(`no answer: ${text.slice(0, 60)}`);
    text = "";
    return status;
  };
}

function isComplete(text: string, end: number): boolean {
  const head = text.slice(0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return text.length >= end + 4 + Number(length);
  // The last chunk of an answer without a length.
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return text.endsWith("0\r\n\r\n");
  return true;
}

// Text of shoppers and merchants, made safe to print without changing what it says. Pure; nothing is ever cut.

/**
 * One line for an address or a name: composed Unicode, single spaces, no control characters, no direction overrides
 * (they print text backwards), nothing invisible, no half emoji (some readers refuse the whole body for one).
 * Undefined when nothing is left.
 */
export function oneLine(text: string | undefined): string | undefined {
  const line = (text ?? "")
    .normalize("NFC")
    .replace(/\p{Cs}/gu, "\uFFFD")
    .replace(/[\u202A-\u202E\u2066-\u2069\u200B\uFEFF]/g, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return line === "" ? undefined : line;
}

/** The same for a note or an engraving, whose line breaks and spaces mean something. */
export function severalLines(text: string | undefined): string | undefined {
  const lines = (text ?? "")
    .normalize("NFC")
    .replace(/\r\n?/g, "\n")
    .replace(/\p{Cs}/gu, "\uFFFD")
    .replace(/[\u202A-\u202E\u2066-\u2069]/g, "")
    .replace(/[^\P{Cc}\n\t]/gu, "")
    .trim();
  return lines === "" ? undefined : lines;
}

/** An object without the keys that hold nothing, so that they are absent in JSON and in the frozen payload. */
export function withoutGaps<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}

// Text of shoppers and merchants, made safe to print without changing what it says. Nothing is ever cut.

/**
 * One line for an address or a name: composed Unicode, single spaces, no control characters, no direction
 * overrides (they print text backwards), no half emoji. Undefined when nothing is left.
 */
export function oneLine(text: string | undefined): string | undefined {
  const line = (text ?? "")
    .normalize("NFC")
    .replace(/\p{Cs}/gu, "\uFFFD")
    .replace(/[\u202A-\u202E\u2066-\u2069]/g, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return line === "" ? undefined : line;
}

/** An object without the keys that hold nothing, so that they are absent in JSON and in the frozen payload. */
export function withoutGaps<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}

/** Words of a merchant's list, e.g. "10×10, Lustre". */
export function wordsIn(list: string | undefined): string[] {
  return (list ?? "").split(",").flatMap((word) => oneLine(word) ?? []);
}

/** The same words, whatever their letters' case and spaces. */
export function sameWords(left: string | undefined, right: string | undefined): boolean {
  return oneLine(left) !== undefined && oneLine(left)?.toLowerCase() === oneLine(right)?.toLowerCase();
}

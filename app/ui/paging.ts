// Pages of a list that grows at its top: a cursor names the last row seen, so that nothing is skipped or shown
// twice when new orders arrive between two clicks.

/** A place in the list: a moment, from a column of whole milliseconds, and the row's id, for rows of the same moment. */
export interface Cursor {
  at: Date;
  id: string;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The cursor as it stands in the address. */
export function writeCursor(row: { at: Date; id: string }): string {
  return `${row.at.getTime()}_${row.id}`;
}

/** Reads a cursor from the address; anything else is no cursor, and the list starts at its top. */
export function readCursor(text: string | null): Cursor | undefined {
  const [time = "", id = ""] = (text ?? "").split("_");
  const at = new Date(Number(time));
  return /^\d{1,15}$/.test(time) && !Number.isNaN(at.getTime()) && uuid.test(id) ? { at, id } : undefined;
}

/** One page out of `size + 1` rows asked for, and whether there is more in that direction. */
export function cutPage<Row>(
  rows: readonly Row[],
  { size, backwards }: { size: number; backwards: boolean },
): { rows: Row[]; more: boolean } {
  const page = rows.slice(0, size);
  return { rows: backwards ? page.reverse() : page, more: rows.length > size };
}

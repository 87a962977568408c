// Time as WHCC writes it: the wall clock of Minnesota, with a zone name that does not follow the summer.

const parts = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/Chicago",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
  second: "2-digit",
  hour12: true,
});

/** "8/19/2018 4:10:26 PM"; joined by hand because ICU puts a narrow no-break space before PM. */
function wallClock(date: Date): string {
  const read = Object.fromEntries(parts.formatToParts(date).map(({ type, value }) => [type, value]));
  const { month = "", day = "", year = "", hour = "", minute = "", second = "", dayPeriod = "" } = read;
  return `${month}/${day}/${year} ${hour}:${minute}:${second} ${dayPeriod}`;
}

/** As in the answer to a token request. The document's example says CST in August: nobody should compute with it. */
export function tokenTime(date: Date): string {
  return `${wallClock(date)} CST`;
}

/** As in `Received`. */
export function receivedTime(date: Date): string {
  return `${wallClock(date)} Central Time`;
}

export const secondsIn = (date: Date): number => Math.floor(date.getTime() / 1000);

// The processes' log lines, short enough to read as they go by.
const pinoWarning = 40;
const quiet = new Set(["level", "time", "msg", "err"]);

/** One line for the terminal, or undefined for what says nothing to a person (start lines, empty ones). */
export function logLine(
  name: string,
  line: Record<string, unknown> | string,
  from: "info" | "warning" = "info",
): string | undefined {
  const who = name.padEnd(9);
  if (typeof line === "string") return line.trim() === "" ? undefined : `${who} ${line}`;
  const { msg, err } = line;
  if (from === "warning" && Number(line["level"]) < pinoWarning) return undefined;
  if (typeof msg !== "string" || /\.(started|stopping|stopped)$/.test(msg)) return undefined;
  const fields = Object.entries(line).flatMap(([key, value]) =>
    quiet.has(key) || value === null || typeof value === "object" ? [] : [`${key}=${short(String(value))}`],
  );
  const trouble = typeof err === "object" && err && "message" in err ? [`(${String(err.message)})`] : [];
  return [who, msg, ...fields, ...trouble].join(" ");
}

// A row's id says nothing to a person; its end is enough to see that two lines are about the same.
function short(value: string): string {
  const text = value.replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{8}([0-9a-f]{4})\b/g, "…$2");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

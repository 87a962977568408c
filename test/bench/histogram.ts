// Latencies of many requests as counts, small enough to hand from process to process and to add up over rounds.

/** How often each latency was seen, by tenths of a millisecond as text (JSON keys). */
export type Histogram = Record<string, number>;

/** Counts one latency. */
export function countLatency(histogram: Histogram, milliseconds: number): void {
  const tenth = String(Math.round(milliseconds * 10));
  histogram[tenth] = (histogram[tenth] ?? 0) + 1;
}

/** All of them as one. */
export function addUp(histograms: Histogram[]): Histogram {
  const sum: Histogram = {};
  for (const histogram of histograms)
    for (const [tenth, count] of Object.entries(histogram)) sum[tenth] = (sum[tenth] ?? 0) + count;
  return sum;
}

/** The latency, in milliseconds, that `share` (0 to 1) of all requests did not exceed; NaN without any. */
export function percentile(histogram: Histogram, share: number): number {
  const entries = Object.entries(histogram)
    .map(([tenth, count]) => ({ milliseconds: Number(tenth) / 10, count }))
    .sort((a, b) => a.milliseconds - b.milliseconds);
  const wanted = share * entries.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  for (const { milliseconds, count } of entries) {
    seen += count;
    if (seen >= wanted) return milliseconds;
  }
  return Number.NaN;
}

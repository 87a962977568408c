// When to try again: soon at first, for a passing trouble; then less and less often, for a day.

const waits = [10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 6 * 3600];

/** Seconds until the next try after `tries` earlier ones, give or take a fifth so that a crowd spreads out. */
export function retryAt(tries: number): number {
  const wait = waits[Math.min(tries, waits.length - 1)] ?? 6 * 3600;
  return Math.round(wait * (0.8 + Math.random() * 0.4));
}

/** How long an order is tried before a person is asked, in seconds. */
export const giveUpAfterSeconds = 24 * 3600;

/**
 * How long a lost request may still take effect at a vendor whose own bound is 0, in seconds. That 0 says that asking for
 * the same again is harmless; what a person sends again, or gives up, is another order or none.
 */
export const landingSeconds = 600;

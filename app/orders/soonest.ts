// SQL: the earliest moment at which a part `v` of an account `a` may be tried: now, or, when the account's one basket is
// kept for it, when a request that was lost at its last try can no longer land there.
export const soonest = `least(v."nextRunAt", CASE WHEN a."holderId" = v.id
  THEN greatest(now(), v."changedAt" + a."quietSeconds" * interval '1 second') ELSE now() END)`;

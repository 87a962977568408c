// One try at a vendor: opened before the conversation, closed after it, whatever came of it.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { failConnection } from "../connections.server.ts";
import { openJson } from "../crypto.server.ts";
import { isAway, isDeadlock, type Db } from "../db.server.ts";
import { log } from "../log.server.ts";
import { forgetToken, hideToken, sessionToken } from "../vendors/asking.server.ts";
import { secretsOf } from "../vendors/fields.ts";
import { converse, type Exchange } from "../vendors/http.server.ts";
import { VendorError, type Calls, type Vendor, type VendorRequest } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import {
  closeAttempt,
  LeaseLost,
  leaseSeconds,
  markCommitting,
  openAttempt,
  rememberNotes,
  renewLease,
  type Claim,
  type Closing,
  type Frozen,
} from "./claim.server.ts";
import { afterError, afterProbeError, bug, type Ending } from "./ending.ts";
import { referenceAtVendor } from "./order-id.ts";
import { readArtwork } from "./part.server.ts";

// The lease must outlast the request that is about to leave: its deadline, and some room for a slow machine.
const roomMs = 5_000;
const closeAgainMs = 250;

/** A claim, its vendor, and the merchant's settings for it. */
export interface Conversation {
  world: World;
  claim: Claim;
  vendor: Vendor;
  orders: NonNullable<Vendor["orders"]>;
  settings: Record<string, unknown>;
}

/** What kind of try it is, and what it freezes to send. */
export interface Try {
  kind: "submit" | "probe" | "withdraw";
  frozen?: Frozen;
}

interface State {
  committed: boolean;
  /** The buying request got a clear no: it had no effect. */
  refused: boolean;
  token: string;
  tokenIsFresh: boolean;
}

/**
 * Runs one Attempt. `talk` answers with how it ended, or "go on" when the order stays in this worker's hands; only
 * then the answer is true. Throws LeaseLost when somebody else holds the order.
 */
export async function attempt(
  conversation: Conversation,
  { kind, frozen }: Try,
  talk: (calls: Calls) => Promise<Ending | "go on">,
): Promise<boolean> {
  const { world, claim } = conversation;
  const attemptId = randomUUID();
  await openAttempt(world.db, { claim, attemptId, kind, ...(frozen && { frozen }) });
  const state: State = { committed: false, refused: false, token: "", tokenIsFresh: false };
  const { calls, exchanges } = openCalls(conversation, state);
  const started = performance.now();
  let ending: Ending | "go on";
  try {
    await openSession(conversation, { state, calls, exchanges });
    ending = await talk(calls);
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    if (error instanceof VendorError) ending = await failed(conversation, { error, state, kind, exchanges });
    else {
      log.error({ err: error, kind }, "submission.failed");
      ending = bug(claim);
    }
  }
  const goesOn = ending === "go on";
  const outcome = ending === "go on" ? "send again" : ending.outcome;
  const milliseconds = Math.round(performance.now() - started);
  log.info(
    { kind, outcome, try: claim.tries + 1, requests: exchanges.length, milliseconds },
    "submission.attempted",
  );
  const forgetsNotes = goesOn && kind === "withdraw";
  await close(world.db, {
    claim,
    attemptId,
    exchanges,
    ending:
      ending === "go on"
        ? { outcome, status: "waiting", settled: true, keepsAccount: kind === "probe" }
        : ending,
    goesOn,
    forgetsNotes,
    thaws: state.refused,
  });
  if (forgetsNotes) claim.notes = {};
  return goesOn;
}

// What the vendor answered is known to nobody else: a database that is away for seconds must not cost it. Until the
// lease ends nobody else may speak for this order, and what was written after all is not written twice.
async function close(db: Db, closing: Closing): Promise<void> {
  for (;;) {
    try {
      return await closeAttempt(db, closing);
    } catch (error) {
      const mayPass = isAway(error) || isDeadlock(error);
      if (!mayPass || closing.claim.leaseEndsAt <= performance.now()) throw error;
      log.warn({ err: error }, "submission.close_delayed");
      await pause(closeAgainMs);
    }
  }
}

async function openSession(
  { world, claim, vendor, settings }: Conversation,
  { state, calls, exchanges }: { state: State; calls: Calls; exchanges: Exchange[] },
): Promise<void> {
  const account = { id: claim.accountId, token: claim.token, tokenExpires: claim.tokenExpires };
  state.token = await sessionToken(world, { vendor, settings, account }, calls.ask);
  state.tokenIsFresh = exchanges.length > 0;
  claim.openedToken = state.token;
  if (state.token !== "") hideToken(exchanges, state.token);
}

async function failed(
  conversation: Conversation,
  {
    error,
    state,
    kind,
    exchanges,
  }: { error: VendorError; state: State; kind: Try["kind"]; exchanges: Exchange[] },
): Promise<Ending> {
  const { world, claim, orders } = conversation;
  // Until a buying request got a clear no, whatever else went wrong says nothing about its outcome.
  const open = kind === "probe" || (state.committed && !state.refused);
  if (error.problem === "connection" && error.status === 401 && state.token !== "" && !state.tokenIsFresh) {
    // The session ended early. The request was refused, so it had no effect: log in again and go on.
    await forgetToken(world.db, claim.accountId);
    const sentence = "The vendor asked for a new login.";
    return {
      outcome: "retry",
      status: "waiting",
      sentence,
      waitSeconds: 0,
      settled: !open,
      keepsAccount: true,
    };
  }
  if (error.problem === "connection") {
    const isNew = await failConnection(world.db, {
      connectionId: claim.connectionId,
      sentence: error.message,
    });
    if (isNew) log.warn({ connection: claim.connectionId }, "connection.failing");
  }
  if (kind === "probe") return afterProbeError({ claim, error });
  const begun = Object.keys(claim.notes).length > 0;
  const ending = afterError({ claim, error, open, quietSeconds: orders.quiescenceSeconds });
  if (
    error.problem !== "rejected" ||
    kind !== "submit" ||
    error.quarantine ||
    open ||
    !begun ||
    !orders.withdraw
  )
    return ending;
  return { ...ending, ...(await clearAccount(conversation, exchanges)) };
}

// A refused order must not leave its things in a basket that the next order will buy.
async function clearAccount(
  conversation: Conversation,
  exchanges: Exchange[],
): Promise<{ quarantine?: string; keepsAccount: boolean }> {
  const { claim, orders, settings } = conversation;
  const cleaning = openCalls(conversation, {
    committed: true,
    refused: true,
    token: claim.openedToken,
    tokenIsFresh: false,
  });
  try {
    await orders.withdraw?.(frozenPayload(claim), settings, cleaning.calls);
    return { keepsAccount: false };
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    const left = `What was left at ${claim.connectionLabel} could not be taken back. Empty the basket there, then release the account.`;
    return { keepsAccount: true, quarantine: error.quarantine ?? left };
  } finally {
    exchanges.push(...cleaning.exchanges);
  }
}

function openCalls(
  { world, claim, vendor, settings }: Conversation,
  state: State,
): { calls: Calls; exchanges: Exchange[] } {
  const beforeSend = async (_kind: Exchange["kind"], deadlineMs: number): Promise<void> => {
    // On the monotonic clock, right before the send: a worker that was paused past its lease must not speak.
    const outlasts = (): boolean => claim.leaseEndsAt - performance.now() > deadlineMs + roomMs;
    if (outlasts()) return;
    await renewLease(world.db, claim, Math.max(leaseSeconds, deadlineMs / 1000 + 25));
    if (!outlasts()) throw new LeaseLost();
  };
  const secrets = secretsOf(vendor.settings, settings);
  const line = converse({ vendor, secrets, http: world.http, beforeSend });
  const calls: Calls = {
    ask: line.ask,
    get notes() {
      return claim.notes;
    },
    get token() {
      return state.token;
    },
    now: new Date(),
    reference: referenceAtVendor(claim),
    remember: async (notes) => {
      await rememberNotes(world.db, claim, notes);
      claim.notes = { ...claim.notes, ...notes };
    },
    commit: async (request) => {
      if (state.committed) throw new Error("a submission commits once");
      state.committed = true;
      // Said before it is known to be written: should the database go away now, nobody may believe it was not.
      claim.commitAgeSeconds = 0;
      await markCommitting(world.db, claim);
      return commit(line, { request, state });
    },
    artwork: (id) => readArtwork(world.db, { shop: claim.shop, id }),
  };
  return { calls, exchanges: line.exchanges };
}

async function commit(
  line: ReturnType<typeof converse>,
  { request, state }: { request: VendorRequest; state: State },
): ReturnType<Calls["commit"]> {
  try {
    return await line.commit(request);
  } catch (error) {
    if (error instanceof VendorError && error.problem !== "unsure") state.refused = true;
    throw error;
  }
}

/** The payload that was frozen for this order. */
export function frozenPayload(claim: Claim): unknown {
  if (!claim.payload) throw new Error("nothing was frozen for this order");
  return openJson(claim.payload, {
    table: "VendorOrder",
    column: "payload",
    shop: claim.shop,
    row: claim.id,
  });
}

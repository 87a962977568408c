// The stand-in's own doors beside the vendor's routes: the page for a person, and /_sandbox/… for other processes.
import { faultKinds, faultMeanings, readFault, type armFaults } from "./faults.ts";
import { ledgerPage } from "./ledger-page.ts";
import type { StandIn, Vendor } from "./stand-in.ts";
import { html, json, type Reply } from "./wire.ts";

interface Behind {
  standIn: StandIn;
  vendor: Vendor;
  faults: ReturnType<typeof armFaults>;
  /** How many late requests wait for releaseLate(). */
  waiting(): number;
}

interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  raw: Buffer;
}

const done = json(200, { ok: true });

/** Answers one of the stand-in's own doors. Never logged, never delayed by a fault. */
export function answerControl(behind: Behind, asked: Asked): Reply {
  const { standIn, vendor, faults } = behind;
  switch (`${asked.method} ${asked.path}`) {
    case "GET /":
      return html(200, ledgerPage({ id: vendor.id, name: vendor.name, about: vendor.about }));
    case "GET /_sandbox/ledger":
      return json(200, newest(standIn.ledger(), asked.query));
    case "GET /_sandbox/requests":
      return json(200, newest(standIn.requests(), asked.query));
    case "GET /_sandbox/state":
      return json(200, state(behind));
    case "GET /_sandbox/faults":
      return json(200, faults.active());
    case "POST /_sandbox/faults":
      return setFault(standIn, asked.raw);
    case "DELETE /_sandbox/faults":
      standIn.clearFaults();
      return done;
    case "POST /_sandbox/reset":
      standIn.reset();
      return done;
    case "POST /_sandbox/release-late":
      standIn.releaseLate();
      return done;
    default:
      return json(404, { error: `there is no ${asked.method} ${asked.path} here` });
  }
}

/** `?last=n` keeps the page light when a chaos run has left thousands of orders. */
function newest<Item>(items: Item[], query: URLSearchParams): Item[] {
  const last = Number(query.get("last") ?? 0);
  return last > 0 ? items.slice(-last) : items;
}

/** What the page asks for every two seconds. */
function state({ standIn, vendor, faults, waiting }: Behind) {
  const ledger = standIn.ledger();
  return {
    orders: ledger.length,
    ledger: ledger.slice(-100),
    faults: faults.active(),
    late: waiting(),
    requests: standIn
      .requests()
      .slice(-15)
      .map(({ method, path, status }) => ({ method, path, status })),
    routes: vendor.routes.filter((route) => !route.aside).map((route) => `${route.method} ${route.path}`),
    kinds: faultKinds
      .filter((kind) => kind !== "expired-preview" || vendor.expiredPreview !== undefined)
      .map((kind) => ({ kind, meaning: faultMeanings[kind] })),
  };
}

function setFault(standIn: StandIn, raw: Buffer): Reply {
  try {
    const fault = readFault(JSON.parse(raw.toString("utf8")));
    if (typeof fault === "string") return json(400, { error: fault });
    standIn.fault(fault);
    return done;
  } catch (error) {
    return json(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

// From a VendorOrder's row to what the pages know of it when they say how it stands.
import { vendorById } from "../vendors/index.server.ts";
import type { PartStanding } from "./standing.ts";

interface Row {
  status: string;
  code: string | null;
  sentence: string | null;
  committingAt: Date | null;
  tries: number;
  nextRunAt: Date;
  vendor: string;
  vendorNumber: string | null;
  vendorState: string | null;
  connection: PartStanding["connection"];
}

/** How a part stands. A vendor that this version does not know goes by its id. */
export function standingOf(row: Row): PartStanding {
  const { status, code, sentence, tries, vendorNumber, vendorState, connection } = row;
  const vendor = vendorById(row.vendor);
  return {
    status,
    code,
    sentence,
    committing: row.committingAt !== null,
    tries,
    nextRunAt: row.nextRunAt.toISOString(),
    vendorNumber,
    vendorState,
    reports: (vendor?.orders?.track ?? vendor?.orders?.report) !== undefined,
    vendorLabel: vendor?.label ?? row.vendor,
    connection,
  };
}

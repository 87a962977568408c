// The stand-ins' own doors beside the vendors' interfaces: what was truly ordered, and what is to go wrong.
import { z } from "zod";
import type { Fault } from "#sandbox/vendors/faults.ts";

export const vendorIds = ["dot", "oms", "dora"] as const;
export type VendorId = (typeof vendorIds)[number];

const entry = z.object({
  number: z.string(),
  reference: z.string().optional(),
  lines: z.array(
    z.object({ sku: z.string(), quantity: z.number(), detail: z.record(z.string(), z.unknown()) }),
  ),
});
/** One order that truly exists at a vendor. */
export type LedgerEntry = z.infer<typeof entry>;

const armed = z.array(
  z.object({
    fault: z.object({ kind: z.string() }),
    left: z.union([z.number(), z.literal("until cleared")]),
  }),
);

/** A stand-in, as the harness handles it. */
export interface VendorDoor {
  url: string;
  ledger(): Promise<LedgerEntry[]>;
  arm(fault: Fault): Promise<void>;
  /** Takes back the faults that met no request yet. */
  disarm(): Promise<void>;
  /** How many requests met a fault, by its kind; faults still armed count as if they had. */
  met: ReadonlyMap<string, number>;
  /** Lets every late request take effect now. */
  releaseLate(): Promise<void>;
}

/** The doors of the three. */
export function doorsOf(urls: Record<VendorId, string>): Record<VendorId, VendorDoor> {
  return { dot: doorAt(urls.dot), oms: doorAt(urls.oms), dora: doorAt(urls.dora) };
}

function doorAt(url: string): VendorDoor {
  const at = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const reply = await fetch(`${url}/_sandbox/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${method} ${path} at ${url}: ${await reply.text()}`);
    return reply.json();
  };
  const met = new Map<string, number>();
  const count = (kind: string, more: number): void => void met.set(kind, (met.get(kind) ?? 0) + more);
  return {
    url,
    met,
    ledger: async () => z.array(entry).parse(await at("GET", "ledger")),
    arm: async (fault) => {
      await at("POST", "faults", fault);
      count(fault.kind, fault.times ?? 1);
    },
    disarm: async () => {
      const left = armed.parse(await at("GET", "faults"));
      await at("DELETE", "faults");
      for (const { fault, left: unused } of left) count(fault.kind, -Number(unused));
    },
    releaseLate: async () => void (await at("POST", "release-late")),
  };
}

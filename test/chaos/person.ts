// The merchant: looks at what the app holds, looks at the vendor, and presses the button that fits. Knows of an
// order's fate only what the vendor's own records show, and does only what the app's pages offer.
import type { Pool } from "pg";
import { z } from "zod";
import { testConnection } from "#app/connections/health.server.ts";
import {
  doesNotExist,
  itExists,
  releaseAccount,
  tryAgain,
  type Decision,
} from "#app/orders/decision.server.ts";
import type { World } from "#app/world.server.ts";
import { entriesFor } from "./accounting.ts";
import type { Wish } from "./orders.ts";
import { doraLogin } from "./scene.ts";
import { vendorIds, type VendorDoor, type VendorId } from "./vendors.ts";

interface HeldPart {
  id: string;
  shop: string;
  shopifyId: string;
  vendor: VendorId;
  code: string;
  sentence: string | null;
  accountId: string;
  connectionId: string;
  /** The account is quarantined. */
  quarantined: boolean;
}

/** What the merchant did so far. */
export interface Deeds {
  /** By vendor and hold code: how many parts a person had to look at, each counted once for each code. */
  held: Map<VendorId, Map<string, Set<string>>>;
  /** By button, how often it was pressed with success. */
  pressed: Map<string, number>;
  /** Parts that were held as "not there" and were there: pressing Try again would order them twice. */
  misled: Map<string, string>;
}

/** The merchant of all shops. */
export interface Person {
  deeds: Deeds;
  /** One round through what is held. `alone`: no worker runs, so that a cart may be emptied that nobody guards. */
  look(alone: boolean): Promise<void>;
}

export interface PersonInput {
  world: World;
  pool: Pool;
  doors: Record<VendorId, VendorDoor>;
  /** Orders that were placed, by their number in Shopify. */
  placed: ReadonlyMap<string, Wish>;
}

/** A merchant with empty hands. */
export function createPerson({ world, pool, doors, placed }: PersonInput): Person {
  const deeds: Deeds = {
    held: new Map(vendorIds.map((id) => [id, new Map<string, Set<string>>()])),
    pressed: new Map(),
    misled: new Map(),
  };
  const press = async (button: string, decision: Promise<Decision>): Promise<boolean> => {
    const isDone = "done" in (await decision);
    if (isDone) deeds.pressed.set(button, (deeds.pressed.get(button) ?? 0) + 1);
    return isDone;
  };

  async function decide(part: HeldPart): Promise<void> {
    const codes = deeds.held.get(part.vendor);
    codes?.set(part.code, (codes.get(part.code) ?? new Set()).add(part.id));
    const which = { shop: part.shop, vendorOrderId: part.id };
    const wish = placed.get(part.shopifyId);
    const [found] = wish ? entriesFor(wish, part.vendor, await doors[part.vendor].ledger()) : [];
    switch (part.code) {
      case "unsure":
      case "number unknown":
        if (found) await press("it exists", itExists(world, { ...which, number: found.number }));
        else await press("does not exist", doesNotExist(world, which));
        break;
      default:
        if (found) deeds.misled.set(part.id, `held as “${part.code}” (${part.sentence ?? ""})`);
        await press("try again", tryAgain(world, which));
    }
  }

  return {
    deeds,
    look: async (alone) => {
      const held = (await pool.query<HeldPart>(heldParts)).rows;
      for (const part of held.filter(({ vendor, quarantined }) => vendor !== "dora" || !quarantined)) {
        const asksForCart =
          part.vendor === "dora" && part.code !== "unsure" && part.code !== "number unknown";
        if (!asksForCart) await decide(part);
        // "The cart is not empty": with no quarantine, another order may be using it at this moment.
        else if (alone && (await isUnused(pool, part.accountId))) {
          await emptyCart(doors.dora);
          await decide(part);
        }
      }
      for (const account of (await pool.query<QuarantinedAccount>(quarantined)).rows) {
        await emptyCart(doors.dora);
        for (const part of held.filter(({ accountId }) => accountId === account.id)) await decide(part);
        await press("release account", releaseAccount(world, account));
      }
      if (alone) for (const at of (await pool.query<Failing>(failing)).rows) await retest(at);
    },
  };

  async function retest(at: Failing): Promise<void> {
    const tested = await testConnection(world, at);
    if ("done" in tested)
      deeds.pressed.set("test connection", (deeds.pressed.get("test connection") ?? 0) + 1);
  }
}

const heldParts = `
  SELECT v.id, v.shop, o."shopifyId", v.vendor, v.code, v.sentence, v."accountId", v."connectionId", a.quarantine IS NOT NULL AS quarantined
  FROM "VendorOrder" v JOIN "Order" o ON o.id = v."orderId" JOIN "Account" a ON a.id = v."accountId"
  WHERE v.status = 'held' ORDER BY v."changedAt"`;

interface QuarantinedAccount {
  id: string;
  shop: string;
  connectionId: string;
}

// While somebody is in conversation a person would see the cart change under their hands, and wait.
const quarantined = `
  SELECT DISTINCT ON (a.id) a.id, c.shop, c.id AS "connectionId" FROM "Account" a JOIN "Connection" c ON c."accountId" = a.id
  WHERE a.quarantine IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "VendorOrder" v WHERE v."accountId" = a.id AND v."leaseUntil" > now())
  ORDER BY a.id, c.shop`;

interface Failing {
  shop: string;
  connectionId: string;
}

const failing = `SELECT shop, id AS "connectionId" FROM "Connection" WHERE status = 'failing'`;

async function isUnused(pool: Pool, accountId: string): Promise<boolean> {
  const { rows } = await pool.query(
    `SELECT 1 FROM "Account" a JOIN "VendorOrder" v ON v.id = a."holderId" WHERE a.id = $1 AND v.status = 'waiting'`,
    [accountId],
  );
  return rows.length === 0;
}

const session = z.object({ token: z.string() });
const cart = z.object({ items: z.array(z.object({ item_key: z.string() })) });

// By hand, at Dora, with the login that the app uses too.
async function emptyCart(door: VendorDoor): Promise<void> {
  await door.disarm();
  const login = await fetch(`${door.url}/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(doraLogin),
  });
  const { token } = session.parse(await login.json());
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const shown = cart.parse(await (await fetch(`${door.url}/cart`, { headers })).json());
  for (const { item_key } of shown.items)
    await fetch(`${door.url}/cart`, { method: "DELETE", headers, body: JSON.stringify({ item_key }) });
}

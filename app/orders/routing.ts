// Step 2: Order + the merchant's Mappings → one VendorOrder for each connection that makes a part of it.
import { openJson } from "../crypto.server.ts";
import { inTransaction, type Sql } from "../db.server.ts";
import { log } from "../log.server.ts";
import { vendorById, vendors } from "../vendors/index.server.ts";
import type { World } from "../world.server.ts";
import type { OrderFacts } from "./order.ts";
import { savePlan } from "./parts.server.ts";
import { bindPhotos } from "./pictures.server.ts";
import { retryAt } from "./retry.ts";
import { routeLines, type ConnectionChoice, type MappingChoice } from "./route-lines.ts";
import { isWithVendor, type ExistingPart, type RoutedOrder } from "./routed-order.ts";

interface OrderRow {
  id: string;
  shop: string;
  shopifyId: string;
  name: string;
  facts: Buffer;
  version: number;
  tries: number;
  trigger: string | null;
  matchBySku: boolean | null;
  uninstalled: boolean;
  hasParts: boolean;
  older: boolean;
}

/** Routes up to `limit` orders that are new or changed. Answers how many. */
export async function routing(world: World, limit = 48): Promise<number> {
  let routed = 0;
  try {
    routed = await inTransaction(world.db, (sql) => routeBatch(sql, limit));
  } catch (error) {
    // One of them cannot be routed. Each gets a transaction of its own, so that only the bad one waits.
    log.warn({ err: error }, "routing.batch_failed");
    for (let more = true; more && routed < limit;) {
      more = await routeOne(world);
      if (more) routed++;
    }
  }
  if (routed > 0) world.wake("submission");
  return routed;
}

// Shopify's moments are whole seconds: an order of the second in which the app was installed is not older than that.
const due = `
  SELECT o.id, o.shop, o."shopifyId", o.name, o.facts, o.version, o.tries, s.trigger, s."matchBySku", s."uninstalledAt" IS NOT NULL AS uninstalled,
    EXISTS (SELECT 1 FROM "VendorOrder" v WHERE v."orderId" = o.id) AS "hasParts",
    coalesce(o."placedAt" < date_trunc('second', s."installedAt"), false) AS older
  FROM "Order" o LEFT JOIN "Shop" s ON s.shop = o.shop
  WHERE o.routed < o.version AND NOT o."readAgain" AND o.facts IS NOT NULL AND o."nextRunAt" <= now()
  ORDER BY o."nextRunAt" LIMIT $1 FOR UPDATE OF o SKIP LOCKED`;

async function routeBatch(sql: Sql, limit: number): Promise<number> {
  const orders = (await sql.query<OrderRow>(due, [limit])).rows;
  await routeOrders(sql, orders);
  return orders.length;
}

async function routeOne(world: World): Promise<boolean> {
  let current: OrderRow | undefined;
  try {
    return await inTransaction(world.db, async (sql) => {
      current = (await sql.query<OrderRow>(due, [1])).rows[0];
      if (current) await routeOrders(sql, [current]);
      return current !== undefined;
    });
  } catch (error) {
    if (!current) throw error;
    log.error({ err: error, order: current.id }, "routing.failed");
    await world.db.query(
      `UPDATE "Order" SET tries = tries + 1, status = 'held', "nextRunAt" = now() + $2 * interval '1 second',
         sentence = 'Makerlane could not work out this order. Nothing was sent. It is tried again by itself; if it stays, contact support.' WHERE id = $1`,
      [current.id, retryAt(current.tries)],
    );
    return true;
  }
}

async function routeOrders(sql: Sql, rows: OrderRow[]): Promise<void> {
  const left = rows.filter(({ uninstalled, hasParts }) => uninstalled && hasParts);
  if (left.length > 0) await leaveAlone(sql, left);
  const wanted = rows.filter((row) => !left.includes(row));
  if (wanted.length === 0) return;
  const known = await readKnownLines(sql, wanted);
  const orders = wanted.map((row) => ({ ...row, facts: factsOf(row, known) }));
  const [mappings, connections, parts] = [
    await readMappings(sql, orders),
    await readConnections(sql, orders),
    await readParts(sql, orders),
  ];
  const routed = orders.map((order): RoutedOrder => {
    const own = parts.filter((part) => part.orderId === order.id);
    const withVendors = own.filter(isWithVendor).flatMap(({ lines }) => lines.map(({ id }) => id));
    const plan = routeLines({
      facts: order.facts,
      trigger: order.trigger === "create" ? "create" : "paid",
      uninstalled: order.uninstalled,
      matchBySku: order.matchBySku === true,
      mappings: mappings.filter((mapping) => mapping.shop === order.shop),
      connections: connections.filter((connection) => connection.shop === order.shop),
      before: (lineId) => ({
        isWithVendor: withVendors.includes(lineId),
        wasPassedBy: known.get(`${order.id} ${lineId}`)?.passedBy ?? false,
        elsewhere: known.get(`${order.id} ${lineId}`)?.elsewhere ?? 0,
      }),
      looksLike: (line) => vendors.find((vendor) => vendor.orders?.looksLikeOurs(line)),
      groupOf: (vendor, line) => vendorById(vendor)?.orders?.groupOf?.(line) ?? "",
    });
    return { order, plan, parts: own };
  });
  await savePlan(sql, routed);
  // Now, and not when a part is sent: until then an approval, a payment or a Mapping may be waited for, and a photo that
  // nobody ordered goes after the shop's days.
  for (const { id, shop, facts } of orders)
    if (facts.cancelledAt === undefined) await bindPhotos(sql, { shop, orderId: id, facts });
}

// What became of their parts waits for a person, should the shop come back: what is told meanwhile is worked out then.
async function leaveAlone(sql: Sql, orders: { id: string }[]): Promise<void> {
  await sql.query(`UPDATE "Order" SET "nextRunAt" = now() + interval '1 day' WHERE id = ANY($1)`, [
    orders.map(({ id }) => id),
  ]);
}

/** A line as it was when it was first routed. */
interface KnownLine {
  orderId: string;
  lineId: string;
  variantId: string | null;
  productId: string | null;
  passedBy: boolean;
  elsewhere: number;
}

async function readKnownLines(sql: Sql, orders: { id: string }[]): Promise<Map<string, KnownLine>> {
  const { rows } = await sql.query<KnownLine>(
    `SELECT "orderId", "shopifyLineId" AS "lineId", "variantId", "productId", "passedBy", elsewhere FROM "OrderLine" WHERE "orderId" = ANY($1)`,
    [orders.map(({ id }) => id)],
  );
  return new Map(rows.map((row) => [`${row.orderId} ${row.lineId}`, row]));
}

function factsOf({ id, shop, facts: sealed }: OrderRow, known: Map<string, KnownLine>): OrderFacts {
  const facts = openJson(sealed, { table: "Order", column: "facts", shop, row: id }) as OrderFacts;
  // Shopify names no variant any more once it is deleted; what was bought stays what it was.
  const lines = facts.lines.map((line) => {
    const before = known.get(`${id} ${line.id}`);
    return {
      ...line,
      variantId: line.variantId ?? before?.variantId ?? undefined,
      productId: line.productId ?? before?.productId ?? undefined,
    };
  });
  return { ...facts, lines };
}

type Shopped<T> = T & { shop: string };

async function readMappings(
  sql: Sql,
  orders: { shop: string; facts: OrderFacts }[],
): Promise<Shopped<MappingChoice>[]> {
  const lines = orders.flatMap(({ facts }) => facts.lines);
  const found = await sql.query<Shopped<MappingChoice>>(
    `SELECT shop, "variantId", sku, "connectionId" FROM "Mapping" WHERE shop = ANY($1) AND ("variantId" = ANY($2) OR sku = ANY($3))`,
    [
      [...new Set(orders.map(({ shop }) => shop))],
      unique(lines.map((line) => line.variantId)),
      unique(lines.map((line) => line.sku)),
    ],
  );
  return found.rows;
}

function unique(values: (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}

async function readConnections(sql: Sql, orders: { shop: string }[]): Promise<Shopped<ConnectionChoice>[]> {
  // Locked, so that no part is made for an account that its connection is just leaving. Before the parts, as saving does.
  const found = await sql.query<
    Shopped<Omit<ConnectionChoice, "vendorLabel" | "removed">> & { removedAt: Date | null }
  >(
    `SELECT shop, id, label, vendor, "accountId", "holdMinutes", approve, "takesTestOrders", "removedAt" FROM "Connection" WHERE shop = ANY($1) FOR SHARE`,
    [[...new Set(orders.map(({ shop }) => shop))]],
  );
  return found.rows.map((row) => ({
    ...row,
    removed: row.removedAt !== null,
    vendorLabel: vendorById(row.vendor)?.label ?? row.vendor,
  }));
}

async function readParts(sql: Sql, orders: { id: string }[]): Promise<ExistingPart[]> {
  // Locked, so that none of them starts a conversation while its lines change.
  const found = await sql.query<Omit<ExistingPart, "remedies"> & { vendor: string }>(
    `SELECT v.id, v."orderId", v."connectionId", v.vendor, v.part, v."groupKey", v.status, v.code,
       -- A person who is asked whether it exists keeps that question, also where no buying request of ours is open.
       v."committingAt" IS NOT NULL OR (v.status = 'held' AND v.code IN ('unsure', 'number unknown')) AS committing,
       coalesce(v."leaseUntil" > now(), false) AS leased, v."approvedAt" IS NOT NULL AS approved, v.notes <> '{}' AS begun, v."addressHash",
       (SELECT coalesce(json_agg(json_build_object('id', l."shopifyLineId", 'quantity', l.quantity, 'title', l.title)), '[]')
        FROM "OrderLine" l WHERE l."vendorOrderId" = v.id) AS lines
     FROM "VendorOrder" v WHERE v."orderId" = ANY($1) ORDER BY v.part FOR UPDATE`,
    [orders.map(({ id }) => id)],
  );
  return found.rows.map(({ vendor: id, ...part }) => {
    const vendor = vendorById(id);
    const { cancel, update, instead = "" } = vendor?.orders?.changing ?? {};
    const remedies = {
      label: vendor?.label ?? id,
      cancel: cancel !== undefined,
      update: update !== undefined,
      instead,
    };
    return { ...part, remedies };
  });
}

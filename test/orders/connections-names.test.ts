// Two accounts at one vendor are told apart by their names.
import { expect, test } from "vitest";
import { freeName, removeConnection, saveConnection, shownSettings } from "#app/connections.server.ts";
import { shop } from "./rows.ts";
import { aVendorShop } from "./vendor-shop.ts";

const town = aVendorShop();
const { database, world, dotForm, doraForm, connected } = town;
const taken = { errors: { label: expect.stringMatching(/Another connection has this name/) } };

test("a second account at the same vendor must have a name of its own; keeping one's own name is no conflict", async () => {
  const { connectionId } = await connected("dot", { label: "Kits" });
  const asked = town.dot.requests().length;

  for (const label of ["Kits", " kits "])
    expect(await saveConnection(world(), { shop, vendorId: "dot", form: dotForm({ label }) })).toEqual(taken);
  expect(
    await saveConnection(world(), { shop, vendorId: "dora", form: doraForm({ label: "KITS" }) }),
  ).toEqual(taken);
  expect(town.dot.requests()).toHaveLength(asked);

  for (const label of ["Kits", "KITS", ""])
    expect(
      await saveConnection(world(), { shop, vendorId: "dot", connectionId, form: dotForm({ label }) }),
    ).toHaveProperty("connectionId", connectionId);
  expect(await shownSettings(world(), { shop, connectionId })).toMatchObject({ label: "KITS" });

  const second = await connected("dot", { label: "Kits 2" });
  const renamed = {
    shop,
    vendorId: "dot",
    connectionId: second.connectionId,
    form: dotForm({ label: "Kits" }),
  };
  expect(await saveConnection(world(), renamed)).toEqual(taken);
});

test("a second account is offered a free name, and a removed one gives its name back", async () => {
  const name = () => freeName(database.pool, { shop, vendorLabel: "MGE DOT" });
  expect(await name()).toBe("MGE DOT");
  const { connectionId } = await connected();
  expect(await shownSettings(world(), { shop, connectionId })).toMatchObject({ label: "MGE DOT" });
  expect(await name()).toBe("MGE DOT 2");
  await connected();
  expect(await name()).toBe("MGE DOT 3");
  expect(await freeName(database.pool, { shop: "other.myshopify.com", vendorLabel: "MGE DOT" })).toBe(
    "MGE DOT",
  );

  await removeConnection(world(), { shop, connectionId });
  expect(await name()).toBe("MGE DOT");
});

test("connections that have had one name since before can be changed without another name", async () => {
  const { connectionId } = await connected("dot", { label: "Kits" });
  const { connectionId: second } = await connected("dot", { label: "Prints" });
  await database.pool.query(`UPDATE "Connection" SET label = 'Kits' WHERE id = $1`, [second]);

  for (const id of [connectionId, second])
    expect(
      await saveConnection(world(), {
        shop,
        vendorId: "dot",
        connectionId: id,
        form: dotForm({ label: "Kits" }),
      }),
    ).toHaveProperty("connectionId", id);
});

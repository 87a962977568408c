// dotcph through the catalogue battery.
import { startBrand } from "#sandbox/vendors/brand.ts";
import { settings } from "#test/products/connection.ts";
import { catalogueContract } from "../catalogue-contract.ts";

catalogueContract({
  vendor: "brand",
  start: () => startBrand(),
  settings,
  shown: (standIn) =>
    Object.fromEntries(
      standIn.ledger().flatMap(({ body, reference }) => {
        const row = body as { name: string; is_active: boolean };
        return row.is_active ? [[reference, row.name] as const] : [];
      }),
    ),
});

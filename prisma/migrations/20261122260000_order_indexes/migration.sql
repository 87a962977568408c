-- What was read whole on 200,000 orders, every few seconds or with every order (measured 2026-11-22): the parts of an
-- order (50 ms, for routing, writeback and the pages). The second is for taking parcels fairly between shops.

-- CreateIndex
CREATE INDEX "VendorOrder_orderId_idx" ON "VendorOrder"("orderId");

CREATE INDEX "Shipment_shop_due" ON "Shipment" ("shop", "nextRunAt") WHERE "status" = 'waiting';

-- Only the sweep of old messages asks by "receivedAt", and never for new ones: what the door writes need not be in it.
CREATE INDEX "WebhookEvent_old" ON "WebhookEvent" ("receivedAt") WHERE "state" <> 'new';
DROP INDEX "WebhookEvent_receivedAt_idx";
-- Erasing and exporting a person ask for an order's messages, and read the whole table for it without this.
CREATE INDEX "WebhookEvent_order" ON "WebhookEvent" ("orderId") WHERE "orderId" IS NOT NULL;

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "shop" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "isOnline" BOOLEAN NOT NULL DEFAULT false,
    "scope" TEXT,
    "expires" TIMESTAMPTZ(3),
    "accessToken" TEXT NOT NULL,
    "userId" BIGINT,
    "firstName" TEXT,
    "lastName" TEXT,
    "email" TEXT,
    "accountOwner" BOOLEAN NOT NULL DEFAULT false,
    "locale" TEXT,
    "collaborator" BOOLEAN DEFAULT false,
    "emailVerified" BOOLEAN DEFAULT false,
    "refreshToken" TEXT,
    "refreshTokenExpires" TIMESTAMPTZ(3),

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Shop" (
    "shop" TEXT NOT NULL,
    "installedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "uninstalledAt" TIMESTAMPTZ(3),
    "trigger" TEXT NOT NULL DEFAULT 'paid',
    "matchBySku" BOOLEAN NOT NULL DEFAULT false,
    "reconnect" TEXT,
    "caughtUpTo" TIMESTAMPTZ(3),
    "catchUpAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "guideDismissed" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "Shop_pkey" PRIMARY KEY ("shop")
);

-- CreateTable
CREATE TABLE "WebhookEvent" (
    "id" BIGSERIAL NOT NULL,
    "shop" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "webhookId" TEXT NOT NULL,
    "triggeredAt" TEXT,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "body" BYTEA NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'new',
    "outcome" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "nextRunAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "orderId" UUID,

    CONSTRAINT "WebhookEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Order" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "shop" TEXT NOT NULL,
    "shopifyId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'routing',
    "sentence" TEXT,
    "facts" BYTEA,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "placedAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "cancelledAt" TIMESTAMPTZ(3),
    "test" BOOLEAN NOT NULL DEFAULT false,
    "paid" BOOLEAN NOT NULL DEFAULT false,
    "redactedAt" TIMESTAMPTZ(3),
    "readAgain" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "routed" INTEGER NOT NULL DEFAULT 0,
    "nextRunAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "forgetAt" TIMESTAMPTZ(3),

    CONSTRAINT "Order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "OrderLine" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "shop" TEXT NOT NULL,
    "orderId" UUID NOT NULL,
    "shopifyLineId" TEXT NOT NULL,
    "variantId" TEXT,
    "productId" TEXT,
    "sku" TEXT,
    "title" TEXT NOT NULL,
    "variantTitle" TEXT,
    "quantity" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "verdict" TEXT NOT NULL DEFAULT 'not ours',
    "reason" TEXT,
    "vendorOrderId" UUID,

    CONSTRAINT "OrderLine_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Account" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "vendor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "atOnce" INTEGER NOT NULL,
    "quietSeconds" INTEGER NOT NULL DEFAULT 0,
    "quarantine" TEXT,
    "holderId" UUID,
    "token" BYTEA,
    "tokenExpires" TIMESTAMPTZ(3),

    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Connection" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "shop" TEXT NOT NULL,
    "vendor" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "accountId" UUID NOT NULL,
    "settings" BYTEA NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'on',
    "sentence" TEXT,
    "holdMinutes" INTEGER NOT NULL DEFAULT 30,
    "takesTestOrders" BOOLEAN NOT NULL DEFAULT false,
    "approve" BOOLEAN NOT NULL DEFAULT false,
    "testedAt" TIMESTAMPTZ(3),
    "retestAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Mapping" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "shop" TEXT NOT NULL,
    "variantId" TEXT NOT NULL,
    "productId" TEXT,
    "title" TEXT NOT NULL,
    "sku" TEXT,
    "connectionId" UUID NOT NULL,
    "goneAt" TIMESTAMPTZ(3),
    "product" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Mapping_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "VendorOrder" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "shop" TEXT NOT NULL,
    "orderId" UUID NOT NULL,
    "connectionId" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "vendor" TEXT NOT NULL,
    "part" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'waiting',
    "code" TEXT,
    "sentence" TEXT,
    "notice" TEXT,
    "nextRunAt" TIMESTAMPTZ(3) NOT NULL,
    "leaseUntil" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "turn" BIGINT NOT NULL DEFAULT 0,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "firstTryAt" TIMESTAMPTZ(3),
    "committingAt" TIMESTAMPTZ(3),
    "frozenAt" TIMESTAMPTZ(3),
    "payload" BYTEA,
    "payloadHash" TEXT,
    "notes" JSONB NOT NULL DEFAULT '{}',
    "vendorNumber" TEXT,
    "vendorState" TEXT,
    "trackAt" TIMESTAMPTZ(3),
    "trackTries" INTEGER NOT NULL DEFAULT 0,
    "resend" INTEGER NOT NULL DEFAULT 0,
    "approvedAt" TIMESTAMPTZ(3),
    "sentAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "VendorOrder_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Attempt" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "shop" TEXT NOT NULL,
    "vendorOrderId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "openedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closedAt" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "sentence" TEXT,
    "exchanges" BYTEA,

    CONSTRAINT "Attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Shipment" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "shop" TEXT NOT NULL,
    "vendorOrderId" UUID NOT NULL,
    "parcel" TEXT NOT NULL,
    "carrier" TEXT,
    "trackingNumber" TEXT,
    "trackingUrl" TEXT,
    "lines" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'waiting',
    "sentence" TEXT,
    "fulfillmentIds" TEXT[],
    "committingAt" TIMESTAMPTZ(3),
    "nextRunAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leaseUntil" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "notify" BOOLEAN NOT NULL DEFAULT true,
    "toldAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Shipment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TimelineEntry" (
    "id" BIGSERIAL NOT NULL,
    "shop" TEXT NOT NULL,
    "orderId" UUID NOT NULL,
    "vendorOrderId" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "who" TEXT NOT NULL DEFAULT 'app',
    "sentence" TEXT NOT NULL,

    CONSTRAINT "TimelineEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Artwork" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "shop" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "filename" TEXT NOT NULL,
    "contentType" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "bytes" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "orderId" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "forgetAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Artwork_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PrivacyRequest" (
    "id" BIGSERIAL NOT NULL,
    "shop" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "requestedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "doneAt" TIMESTAMPTZ(3),
    "export" BYTEA,
    "outcome" TEXT,

    CONSTRAINT "PrivacyRequest_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WorkerHeartbeat" (
    "workerId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "WorkerHeartbeat_pkey" PRIMARY KEY ("workerId")
);

-- CreateIndex
CREATE INDEX "Session_shop_idx" ON "Session"("shop");

-- CreateIndex
CREATE INDEX "Shop_catchUpAt_idx" ON "Shop"("catchUpAt");

-- CreateIndex
CREATE INDEX "WebhookEvent_receivedAt_idx" ON "WebhookEvent"("receivedAt");

-- CreateIndex
CREATE UNIQUE INDEX "WebhookEvent_shop_topic_webhookId_key" ON "WebhookEvent"("shop", "topic", "webhookId");

-- CreateIndex
CREATE INDEX "Order_shop_placedAt_idx" ON "Order"("shop", "placedAt" DESC);

-- CreateIndex
CREATE INDEX "Order_shop_name_idx" ON "Order"("shop", "name");

-- CreateIndex
CREATE INDEX "Order_forgetAt_idx" ON "Order"("forgetAt");

-- CreateIndex
CREATE UNIQUE INDEX "Order_shop_shopifyId_key" ON "Order"("shop", "shopifyId");

-- CreateIndex
CREATE INDEX "OrderLine_vendorOrderId_idx" ON "OrderLine"("vendorOrderId");

-- CreateIndex
CREATE INDEX "OrderLine_shop_variantId_idx" ON "OrderLine"("shop", "variantId");

-- CreateIndex
CREATE UNIQUE INDEX "OrderLine_orderId_shopifyLineId_key" ON "OrderLine"("orderId", "shopifyLineId");

-- CreateIndex
CREATE UNIQUE INDEX "Account_vendor_key_key" ON "Account"("vendor", "key");

-- CreateIndex
CREATE INDEX "Connection_shop_idx" ON "Connection"("shop");

-- CreateIndex
CREATE INDEX "Mapping_shop_sku_idx" ON "Mapping"("shop", "sku");

-- CreateIndex
CREATE UNIQUE INDEX "Mapping_shop_variantId_key" ON "Mapping"("shop", "variantId");

-- CreateIndex
CREATE INDEX "VendorOrder_shop_status_idx" ON "VendorOrder"("shop", "status");

-- CreateIndex
CREATE UNIQUE INDEX "VendorOrder_reference_key" ON "VendorOrder"("reference");

-- CreateIndex
CREATE UNIQUE INDEX "Attempt_vendorOrderId_number_key" ON "Attempt"("vendorOrderId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "Shipment_vendorOrderId_parcel_key" ON "Shipment"("vendorOrderId", "parcel");

-- CreateIndex
CREATE INDEX "TimelineEntry_orderId_id_idx" ON "TimelineEntry"("orderId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Artwork_key_key" ON "Artwork"("key");

-- CreateIndex
CREATE INDEX "Artwork_shop_idx" ON "Artwork"("shop");

-- CreateIndex
CREATE INDEX "Artwork_forgetAt_idx" ON "Artwork"("forgetAt");

-- CreateIndex
CREATE INDEX "PrivacyRequest_shop_idx" ON "PrivacyRequest"("shop");

-- CreateIndex
CREATE INDEX "WorkerHeartbeat_at_idx" ON "WorkerHeartbeat"("at");

-- AddForeignKey
ALTER TABLE "OrderLine" ADD CONSTRAINT "OrderLine_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "Order"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OrderLine" ADD CONSTRAINT "OrderLine_vendorOrderId_fkey" FOREIGN KEY ("vendorOrderId") REFERENCES "VendorOrder"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Connection" ADD CONSTRAINT "Connection_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Mapping" ADD CONSTRAINT "Mapping_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "Connection"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "VendorOrder" ADD CONSTRAINT "VendorOrder_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "Order"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "VendorOrder" ADD CONSTRAINT "VendorOrder_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "Connection"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "VendorOrder" ADD CONSTRAINT "VendorOrder_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Attempt" ADD CONSTRAINT "Attempt_vendorOrderId_fkey" FOREIGN KEY ("vendorOrderId") REFERENCES "VendorOrder"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Shipment" ADD CONSTRAINT "Shipment_vendorOrderId_fkey" FOREIGN KEY ("vendorOrderId") REFERENCES "VendorOrder"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TimelineEntry" ADD CONSTRAINT "TimelineEntry_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "Order"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TimelineEntry" ADD CONSTRAINT "TimelineEntry_vendorOrderId_fkey" FOREIGN KEY ("vendorOrderId") REFERENCES "VendorOrder"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema cannot say. It leaves partial indexes, checks and storage alone.

-- PostgreSQL's own compression of each body was the dearest part of an acknowledgement (measured: without it
-- 1.7 times as many webhooks a second), and a sealed body does not compress anyway. No semicolons in these
-- comments: the migration engine that runs without native parts takes each for the end of a statement.
ALTER TABLE "WebhookEvent" ALTER COLUMN "body" SET STORAGE EXTERNAL;
ALTER TABLE "Order" ALTER COLUMN "facts" SET STORAGE EXTERNAL;
ALTER TABLE "Attempt" ALTER COLUMN "exchanges" SET STORAGE EXTERNAL;

-- The queues: small, because they hold only what is due.
CREATE INDEX "WebhookEvent_due" ON "WebhookEvent" ("nextRunAt", "id") WHERE "state" = 'new';
CREATE INDEX "Order_due" ON "Order" ("nextRunAt") WHERE "readAgain" OR "status" = 'routing' OR "routed" < "version";
CREATE INDEX "VendorOrder_due" ON "VendorOrder" ("accountId", "turn") WHERE "status" = 'waiting';
CREATE INDEX "VendorOrder_due_at" ON "VendorOrder" ("nextRunAt") WHERE "status" = 'waiting';
CREATE INDEX "VendorOrder_shop_turn" ON "VendorOrder" ("shop", "turn") WHERE "status" = 'waiting';
CREATE INDEX "VendorOrder_turn" ON "VendorOrder" ("turn") WHERE "status" = 'waiting';
CREATE INDEX "VendorOrder_leased" ON "VendorOrder" ("accountId") WHERE "leaseUntil" IS NOT NULL;
CREATE INDEX "VendorOrder_track" ON "VendorOrder" ("trackAt") WHERE "trackAt" IS NOT NULL;
CREATE INDEX "Shipment_due" ON "Shipment" ("nextRunAt") WHERE "status" = 'waiting';

-- The promise, as far as a database can hold it: one open try at a time, one unsent part per connection.
CREATE UNIQUE INDEX "Attempt_one_open" ON "Attempt" ("vendorOrderId") WHERE "closedAt" IS NULL;
CREATE UNIQUE INDEX "VendorOrder_one_unsent" ON "VendorOrder" ("orderId", "connectionId") WHERE "status" IN ('waiting', 'held');

ALTER TABLE "WebhookEvent" ADD CONSTRAINT "WebhookEvent_state" CHECK ("state" IN ('new', 'done', 'failed'));
ALTER TABLE "Order" ADD CONSTRAINT "Order_status" CHECK ("status" IN ('routing', 'waiting', 'routed', 'held', 'not ours'));
ALTER TABLE "OrderLine" ADD CONSTRAINT "OrderLine_verdict" CHECK ("verdict" IN ('vendor', 'not ours', 'held'));
ALTER TABLE "VendorOrder" ADD CONSTRAINT "VendorOrder_status" CHECK ("status" IN ('waiting', 'held', 'sent', 'shipped', 'cancelled'));
ALTER TABLE "VendorOrder" ADD CONSTRAINT "VendorOrder_held_says_why" CHECK ("status" <> 'held' OR ("code" IS NOT NULL AND "sentence" IS NOT NULL));
ALTER TABLE "VendorOrder" ADD CONSTRAINT "VendorOrder_sent_is_known" CHECK ("status" NOT IN ('sent', 'shipped') OR "committingAt" IS NULL);
ALTER TABLE "Connection" ADD CONSTRAINT "Connection_status" CHECK ("status" IN ('on', 'paused', 'failing'));
ALTER TABLE "Connection" ADD CONSTRAINT "Connection_hold" CHECK ("holdMinutes" BETWEEN 0 AND 4320);
ALTER TABLE "Shipment" ADD CONSTRAINT "Shipment_status" CHECK ("status" IN ('waiting', 'told', 'already', 'held'));

-- AlterTable
ALTER TABLE "VendorOrder" ADD COLUMN     "addressHash" TEXT,
ADD COLUMN     "groupKey" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "VendorCallback" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "shop" TEXT NOT NULL,
    "connectionId" UUID NOT NULL,
    "callbackId" TEXT NOT NULL,
    "number" TEXT,
    "reference" TEXT,
    "lineId" TEXT,
    "data" BYTEA,
    "state" TEXT NOT NULL DEFAULT 'new',
    "outcome" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "nextRunAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "vendorOrderId" UUID,
    "forgetAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "VendorCallback_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "VendorMemory" (
    "shop" TEXT NOT NULL,
    "connectionId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "value" BYTEA NOT NULL,
    "changedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "VendorMemory_pkey" PRIMARY KEY ("connectionId","name")
);

-- CreateIndex
CREATE INDEX "VendorCallback_shop_idx" ON "VendorCallback"("shop");

-- CreateIndex
CREATE INDEX "VendorCallback_vendorOrderId_idx" ON "VendorCallback"("vendorOrderId");

-- CreateIndex
CREATE INDEX "VendorCallback_forgetAt_idx" ON "VendorCallback"("forgetAt");

-- CreateIndex
CREATE UNIQUE INDEX "VendorCallback_connectionId_callbackId_key" ON "VendorCallback"("connectionId", "callbackId");

-- CreateIndex
CREATE INDEX "VendorMemory_shop_idx" ON "VendorMemory"("shop");


-- What Prisma's schema cannot say.

ALTER TABLE "VendorCallback" ALTER COLUMN "data" SET STORAGE EXTERNAL;

-- The queue: small, because it holds only what is not worked in yet.
CREATE INDEX "VendorCallback_due" ON "VendorCallback" ("nextRunAt") WHERE "state" <> 'done';
-- A callback names an order by the vendor's number or by a line.
CREATE INDEX "VendorOrder_number" ON "VendorOrder" ("shop", "vendorNumber") WHERE "vendorNumber" IS NOT NULL;
CREATE INDEX "OrderLine_of_part" ON "OrderLine" ("shop", "shopifyLineId") WHERE "vendorOrderId" IS NOT NULL;

-- One unsent part for each connection and group of lines.
DROP INDEX "VendorOrder_one_unsent";
CREATE UNIQUE INDEX "VendorOrder_one_unsent" ON "VendorOrder" ("orderId", "connectionId", "groupKey") WHERE "status" IN ('waiting', 'held');

ALTER TABLE "VendorCallback" ADD CONSTRAINT "VendorCallback_state" CHECK ("state" IN ('new', 'done', 'orphan'));
ALTER TABLE "VendorCallback" ADD CONSTRAINT "VendorCallback_unread" CHECK ("state" = 'done' OR "data" IS NOT NULL);

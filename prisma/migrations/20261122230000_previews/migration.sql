-- AlterTable
ALTER TABLE "Shop" ADD COLUMN "previewsADay" INTEGER NOT NULL DEFAULT 500;

-- CreateTable
CREATE TABLE "Preview" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "shop" TEXT NOT NULL,
    "connectionId" UUID NOT NULL,
    "artworkId" UUID NOT NULL,
    "browser" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "work" TEXT NOT NULL,
    "variantId" TEXT NOT NULL,
    "size" TEXT NOT NULL,
    "looks" TEXT[],
    "crop" JSONB,
    "state" TEXT NOT NULL DEFAULT 'new',
    "error" TEXT,
    "sentence" TEXT,
    "vendorPreviewId" TEXT,
    "fileKey" TEXT,
    "fileSha256" TEXT,
    "pictures" JSONB NOT NULL DEFAULT '[]',
    "options" BYTEA,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "readyAt" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3),
    "nextRunAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leaseUntil" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "tries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Preview_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Selection" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "shop" TEXT NOT NULL,
    "ref" TEXT,
    "productId" TEXT NOT NULL,
    "variantId" TEXT NOT NULL,
    "browser" TEXT NOT NULL,
    "previewId" UUID NOT NULL,
    "artworkId" UUID NOT NULL,
    "look" TEXT NOT NULL,
    "customer" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "orderedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Selection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "OrderPicture" (
    "shop" TEXT NOT NULL,
    "orderId" UUID NOT NULL,
    "lineId" TEXT NOT NULL,
    "selectionId" UUID NOT NULL,
    "previewId" UUID,
    "madeAgain" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sentAt" TIMESTAMPTZ(3),
    "sentSha256" TEXT,

    CONSTRAINT "OrderPicture_pkey" PRIMARY KEY ("orderId","lineId")
);

-- CreateTable
CREATE TABLE "PhotoLink" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "shop" TEXT NOT NULL,
    "orderId" UUID NOT NULL,
    "lineId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "openedAt" TIMESTAMPTZ(3),
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "PhotoLink_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Preview_artworkId_idx" ON "Preview"("artworkId");

-- CreateIndex
CREATE INDEX "Preview_shop_createdAt_idx" ON "Preview"("shop", "createdAt");

-- CreateIndex
CREATE INDEX "Preview_work_idx" ON "Preview"("work");

-- CreateIndex
CREATE UNIQUE INDEX "Selection_shop_ref_key" ON "Selection"("shop", "ref");

-- CreateIndex
CREATE INDEX "Selection_artworkId_idx" ON "Selection"("artworkId");

-- CreateIndex
CREATE INDEX "Selection_previewId_idx" ON "Selection"("previewId");

-- CreateIndex
CREATE INDEX "OrderPicture_previewId_idx" ON "OrderPicture"("previewId");

-- CreateIndex
CREATE INDEX "OrderPicture_selectionId_idx" ON "OrderPicture"("selectionId");

-- CreateIndex
CREATE UNIQUE INDEX "PhotoLink_orderId_lineId_key" ON "PhotoLink"("orderId", "lineId");

-- CreateIndex
CREATE INDEX "PhotoLink_shop_idx" ON "PhotoLink"("shop");



-- What Prisma's schema cannot say.

-- The queue: small, because it holds only what is to do.
CREATE INDEX "Preview_due" ON "Preview" ("nextRunAt") WHERE "state" IN ('new', 'working');

-- The same wish is one preview, until it has failed or is too old.
CREATE UNIQUE INDEX "Preview_one_open" ON "Preview" ("shop", "browser", "key") WHERE "state" IN ('new', 'working', 'ready');

ALTER TABLE "Preview" ADD CONSTRAINT "Preview_state" CHECK ("state" IN ('new', 'working', 'ready', 'failed', 'expired'));
ALTER TABLE "Preview" ADD CONSTRAINT "Preview_failed_says_why" CHECK ("state" <> 'failed' OR ("error" IS NOT NULL AND "sentence" IS NOT NULL));
-- What a shopper may choose can be ordered.
ALTER TABLE "Preview" ADD CONSTRAINT "Preview_ready_can_be_ordered" CHECK ("state" <> 'ready' OR ("options" IS NOT NULL AND "vendorPreviewId" IS NOT NULL AND "expiresAt" IS NOT NULL));
ALTER TABLE "OrderPicture" ADD CONSTRAINT "OrderPicture_madeAgain" CHECK ("madeAgain" IS NULL OR "madeAgain" IN ('size', 'age'));

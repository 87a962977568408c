-- AlterTable
ALTER TABLE "Shop" ADD COLUMN     "hosts" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "keepOrdered" INTEGER NOT NULL DEFAULT 60,
ADD COLUMN     "keepUnordered" INTEGER NOT NULL DEFAULT 14,
ADD COLUMN     "photosPerDay" INTEGER NOT NULL DEFAULT 500,
ADD COLUMN     "proxyPath" TEXT;

-- AlterTable
ALTER TABLE "Artwork" ADD COLUMN     "browser" TEXT,
ADD COLUMN     "customerId" TEXT,
ADD COLUMN     "error" TEXT,
ADD COLUMN     "fence" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "fromHeight" INTEGER,
ADD COLUMN     "fromWidth" INTEGER,
ADD COLUMN     "nextRunAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "productId" TEXT,
ADD COLUMN     "state" TEXT NOT NULL DEFAULT 'ready',
ADD COLUMN     "tries" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "variantId" TEXT;

-- CreateTable
CREATE TABLE "ArtworkOrder" (
    "shop" TEXT NOT NULL,
    "artworkId" UUID NOT NULL,
    "orderId" UUID NOT NULL,

    CONSTRAINT "ArtworkOrder_pkey" PRIMARY KEY ("artworkId","orderId")
);

-- CreateTable
CREATE TABLE "RateBucket" (
    "shop" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "left" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RateBucket_pkey" PRIMARY KEY ("shop","name")
);

-- CreateTable
CREATE TABLE "UploadTicket" (
    "id" UUID NOT NULL,
    "shop" TEXT NOT NULL,
    "usedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "UploadTicket_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ArtworkOrder_orderId_idx" ON "ArtworkOrder"("orderId");

-- CreateIndex
CREATE INDEX "ArtworkOrder_shop_idx" ON "ArtworkOrder"("shop");

-- CreateIndex
CREATE INDEX "RateBucket_at_idx" ON "RateBucket"("at");

-- CreateIndex
CREATE INDEX "UploadTicket_shop_idx" ON "UploadTicket"("shop");

-- CreateIndex
CREATE INDEX "UploadTicket_usedAt_idx" ON "UploadTicket"("usedAt");

-- AddForeignKey
ALTER TABLE "ArtworkOrder" ADD CONSTRAINT "ArtworkOrder_artworkId_fkey" FOREIGN KEY ("artworkId") REFERENCES "Artwork"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema cannot say.

-- The queue: small, because it holds only what is not prepared yet.
CREATE INDEX "Artwork_due" ON "Artwork" ("nextRunAt") WHERE "state" = 'new';
CREATE INDEX "Artwork_of_customer" ON "Artwork" ("shop", "customerId") WHERE "customerId" IS NOT NULL;
-- A preflight asks whose storefront a host is, before anything else is known of the request.
CREATE INDEX "Shop_hosts" ON "Shop" USING GIN ("hosts") WHERE "uninstalledAt" IS NULL;

ALTER TABLE "Artwork" ADD CONSTRAINT "Artwork_state" CHECK ("state" IN ('new', 'ready', 'failed'));
ALTER TABLE "Artwork" ADD CONSTRAINT "Artwork_failed_says_why" CHECK (("state" = 'failed') = ("error" IS NOT NULL));
ALTER TABLE "Artwork" ADD CONSTRAINT "Artwork_ready_is_measured" CHECK ("state" <> 'ready' OR ("width" > 0 AND "height" > 0));
ALTER TABLE "Shop" ADD CONSTRAINT "Shop_keeps_photos" CHECK ("keepUnordered" BETWEEN 7 AND 30 AND "keepOrdered" BETWEEN 0 AND 365 AND "photosPerDay" BETWEEN 0 AND 100000);

-- AlterTable
ALTER TABLE "Shop" ADD COLUMN     "looks" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "StorefrontProduct" (
    "shop" TEXT NOT NULL,
    "productId" TEXT NOT NULL,
    "firstSeenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "StorefrontProduct_pkey" PRIMARY KEY ("shop","productId")
);

-- AddForeignKey
ALTER TABLE "StorefrontProduct" ADD CONSTRAINT "StorefrontProduct_shop_fkey" FOREIGN KEY ("shop") REFERENCES "Shop"("shop") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema cannot say.

ALTER TABLE "Shop" ADD CONSTRAINT "Shop_counts_previews" CHECK ("previewsADay" BETWEEN 0 AND 100000);

-- What a vendor has of a line, once the order says another quantity than was sent.
ALTER TABLE "OrderLine" ADD COLUMN "sentQuantity" INTEGER;

-- Pieces that somebody had fulfilled by hand before the vendor was sent the rest: Shopify's quantity holds them for ever.
ALTER TABLE "OrderLine" ADD COLUMN "elsewhere" INTEGER NOT NULL DEFAULT 0;

-- That a line had no vendor when it was bought. A product that is chosen later must not order it by itself.
ALTER TABLE "OrderLine" ADD COLUMN "passedBy" BOOLEAN NOT NULL DEFAULT false;
UPDATE "OrderLine" l SET "passedBy" = true FROM "Order" o LEFT JOIN "Shop" s ON s."shop" = o."shop"
  WHERE o."id" = l."orderId" AND l."verdict" = 'not ours' AND l."reason" = 'No vendor product is chosen for it.'
    AND (o."paid" OR s."trigger" = 'create');

-- How far the list of changed products was read. The newest change that is known says nothing about older ones.
ALTER TABLE "Shop" ADD COLUMN "productsCaughtUpTo" TIMESTAMPTZ(6);

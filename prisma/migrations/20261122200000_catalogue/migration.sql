-- CreateTable
CREATE TABLE "CatalogueProduct" (
    "shop" TEXT NOT NULL,
    "productId" TEXT NOT NULL,
    "title" TEXT NOT NULL DEFAULT '',
    "facts" JSONB,
    "updatedAt" TIMESTAMPTZ(3),
    "readAt" TIMESTAMPTZ(3),
    "goneAt" TIMESTAMPTZ(3),
    "seenBy" UUID,
    "asked" INTEGER NOT NULL DEFAULT 0,
    "read" INTEGER NOT NULL DEFAULT 0,
    "nextRunAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "tries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "CatalogueProduct_pkey" PRIMARY KEY ("shop","productId")
);

-- CreateTable
CREATE TABLE "Catalogue" (
    "connectionId" UUID NOT NULL,
    "shop" TEXT NOT NULL,
    "settings" BYTEA,
    "place" TEXT,
    "leaseUntil" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Catalogue_pkey" PRIMARY KEY ("connectionId")
);

-- CreateTable
CREATE TABLE "Publication" (
    "id" BIGSERIAL NOT NULL,
    "shop" TEXT NOT NULL,
    "connectionId" UUID NOT NULL,
    "productId" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "wants" TEXT NOT NULL DEFAULT 'publish',
    "code" TEXT,
    "sentence" TEXT,
    "key" TEXT,
    "planHash" TEXT,
    "itemHash" TEXT,
    "keysThere" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "notes" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,
    "planned" INTEGER NOT NULL DEFAULT 0,
    "nextRunAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "changedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "publishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Publication_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CatalogueSync" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "shop" TEXT NOT NULL,
    "connectionId" UUID NOT NULL,
    "dryRun" BOOLEAN NOT NULL DEFAULT false,
    "state" TEXT NOT NULL DEFAULT 'reading',
    "sentence" TEXT,
    "operationId" TEXT,
    "operationAt" TIMESTAMPTZ(3),
    "products" INTEGER NOT NULL DEFAULT 0,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "differences" JSONB NOT NULL DEFAULT '[]',
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMPTZ(3),
    "nextRunAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leaseUntil" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "tries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "CatalogueSync_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Catalogue_shop_idx" ON "Catalogue"("shop");

-- CreateIndex
CREATE INDEX "Publication_connectionId_key_idx" ON "Publication"("connectionId", "key");

-- CreateIndex
CREATE INDEX "Publication_shop_productId_idx" ON "Publication"("shop", "productId");

-- CreateIndex
CREATE UNIQUE INDEX "Publication_connectionId_productId_key" ON "Publication"("connectionId", "productId");

-- CreateIndex
CREATE INDEX "CatalogueSync_connectionId_startedAt_idx" ON "CatalogueSync"("connectionId", "startedAt" DESC);

-- CreateIndex
CREATE INDEX "CatalogueSync_shop_idx" ON "CatalogueSync"("shop");



-- What Prisma's schema cannot say.

-- The queues: small, because they hold only what is to do.
CREATE INDEX "CatalogueProduct_due" ON "CatalogueProduct" ("nextRunAt") WHERE "read" < "asked";
CREATE INDEX "Publication_due" ON "Publication" ("connectionId", "nextRunAt", "id") WHERE "planned" < "version" OR "state" = 'waiting';
CREATE INDEX "CatalogueSync_due" ON "CatalogueSync" ("nextRunAt") WHERE "state" IN ('reading', 'comparing', 'publishing');

-- One sync of a connection at a time.
CREATE UNIQUE INDEX "CatalogueSync_one_open" ON "CatalogueSync" ("connectionId") WHERE "state" IN ('reading', 'comparing', 'publishing');

ALTER TABLE "Publication" ADD CONSTRAINT "Publication_state" CHECK ("state" IN ('waiting', 'published', 'held', 'withdrawn'));
ALTER TABLE "Publication" ADD CONSTRAINT "Publication_wants" CHECK ("wants" IN ('publish', 'withdraw'));
ALTER TABLE "Publication" ADD CONSTRAINT "Publication_held_says_why" CHECK ("state" <> 'held' OR ("code" IS NOT NULL AND "sentence" IS NOT NULL));
-- What counts as published is what the vendor surely has.
ALTER TABLE "Publication" ADD CONSTRAINT "Publication_published_is_sure" CHECK ("state" <> 'published' OR "itemHash" IS NOT NULL);
ALTER TABLE "CatalogueSync" ADD CONSTRAINT "CatalogueSync_state" CHECK ("state" IN ('reading', 'comparing', 'publishing', 'done', 'failed'));

-- What was taken since "at": a day's number is not one that fills up again while the day goes on.
ALTER TABLE "RateBucket" ADD COLUMN "used" INTEGER NOT NULL DEFAULT 0;

// Imported first: a bucket of its own for a test file, before the app reads where pictures lie.
import "./folder.ts";
import { afterAll, beforeEach } from "vitest";
import { startBucket } from "#sandbox/s3.ts";

/** The key that the app has. */
export const secretAccessKey = "a local secret/with+signs";

/** Who may use the bucket; a test that changes it locks the app out. */
export const access = {
  bucket: "pictures",
  region: "eu-central-1",
  accessKeyId: "AKIALOCAL",
  secretAccessKey,
  // So few that lists have pages.
  pageSize: 2,
};

/** The bucket; it is empty before each test. */
export const bucket = await startBucket(access);

process.env["S3_BUCKET"] = access.bucket;
process.env["S3_REGION"] = access.region;
process.env["S3_ENDPOINT"] = bucket.url;
process.env["S3_ACCESS_KEY_ID"] = access.accessKeyId;
process.env["S3_SECRET_ACCESS_KEY"] = access.secretAccessKey;

beforeEach(() => {
  access.secretAccessKey = secretAccessKey;
  bucket.objects.clear();
  bucket.requests.splice(0);
});
afterAll(() => bucket.stop());

-- CreateTable
CREATE TABLE "tessera"."key_fingerprints" (
    "name" TEXT NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "key_fingerprints_pkey" PRIMARY KEY ("name")
);

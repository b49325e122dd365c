-- CreateTable
CREATE TABLE "tessera"."project_storage" (
    "project_id" UUID NOT NULL,
    "used_bytes" BIGINT NOT NULL,
    "measured_at" TIMESTAMPTZ(3) NOT NULL,
    "quota_bytes" BIGINT,
    "compacted_at" TIMESTAMPTZ(3),
    "deleted_rows" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "project_storage_pkey" PRIMARY KEY ("project_id")
);

-- AddForeignKey
ALTER TABLE "tessera"."project_storage" ADD CONSTRAINT "project_storage_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "tessera"."projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on by hand: what Prisma's schema language cannot say.

ALTER TABLE "tessera"."project_storage"
    ADD CONSTRAINT "project_storage_used_bytes_check" CHECK ("used_bytes" >= 0),
    ADD CONSTRAINT "project_storage_quota_bytes_check" CHECK ("quota_bytes" >= 0);

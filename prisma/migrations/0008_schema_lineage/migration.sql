-- AlterTable
ALTER TABLE "tessera"."schema_versions" ADD COLUMN "lineage" JSONB;

-- AlterTable
ALTER TABLE "tessera"."api_keys" ADD COLUMN     "publishable_key" TEXT;

-- CreateTable
CREATE TABLE "tessera"."project_access_settings" (
    "project_id" UUID NOT NULL,
    "allowed_origins" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "trusted_issuers" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "project_access_settings_pkey" PRIMARY KEY ("project_id")
);

-- AddForeignKey
ALTER TABLE "tessera"."project_access_settings" ADD CONSTRAINT "project_access_settings_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "tessera"."projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on by hand: what Prisma's schema language cannot express.

ALTER TABLE "tessera"."api_keys"
    ADD CONSTRAINT "api_keys_publishable_key_check" CHECK (("kind" = 'PUBLISHABLE') = ("publishable_key" IS NOT NULL));

ALTER TABLE "tessera"."project_access_settings"
    ADD CONSTRAINT "project_access_settings_allowed_origins_check" CHECK (
        "allowed_origins" IS NOT NULL AND cardinality("allowed_origins") <= 1000
    ),
    ADD CONSTRAINT "project_access_settings_trusted_issuers_check" CHECK (jsonb_typeof("trusted_issuers") = 'array');

-- Instances cache these settings. The payload is the project's ref.
CREATE FUNCTION "tessera"."project_access_settings_notify"() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('tessera_access_settings', ref) FROM tessera.projects WHERE id = NEW.project_id;
    RETURN NULL;
END;
$$;

CREATE TRIGGER "project_access_settings_notify"
    AFTER INSERT OR UPDATE ON "tessera"."project_access_settings"
    FOR EACH ROW
    EXECUTE FUNCTION "tessera"."project_access_settings_notify"();

-- When a project is deleted, its settings are deleted after it, so that their own trigger would not find the ref.
CREATE FUNCTION "tessera"."projects_notify_access"() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('tessera_access_settings', OLD.ref);
    RETURN NULL;
END;
$$;

CREATE TRIGGER "projects_notify_access"
    AFTER DELETE ON "tessera"."projects"
    FOR EACH ROW
    EXECUTE FUNCTION "tessera"."projects_notify_access"();

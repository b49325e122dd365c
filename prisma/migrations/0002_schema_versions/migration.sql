-- CreateEnum
CREATE TYPE "tessera"."schema_author_kind" AS ENUM ('USER', 'API_KEY');

-- CreateTable
CREATE TABLE "tessera"."schema_versions" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "sdl" TEXT NOT NULL,
    "plan" JSONB NOT NULL,
    "applied_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "applied_by_kind" "tessera"."schema_author_kind" NOT NULL,
    "applied_by_id" UUID NOT NULL,
    "applied_by_name" TEXT NOT NULL,

    CONSTRAINT "schema_versions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "schema_versions_project_id_id_idx" ON "tessera"."schema_versions"("project_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "schema_versions_project_id_number_key" ON "tessera"."schema_versions"("project_id", "number");

-- AddForeignKey
ALTER TABLE "tessera"."schema_versions" ADD CONSTRAINT "schema_versions_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "tessera"."projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on by hand: what Prisma's schema language cannot say.

ALTER TABLE "tessera"."schema_versions"
    ADD CONSTRAINT "schema_versions_number_check" CHECK ("number" > 0),
    ADD CONSTRAINT "schema_versions_sdl_check" CHECK (octet_length("sdl") <= 262144);

-- What was applied was applied: versions only go with their project.
CREATE FUNCTION "tessera"."schema_versions_stay"() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM tessera.projects WHERE id = OLD.project_id) THEN
        RETURN OLD; -- The project itself is being deleted.
    END IF;
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        MESSAGE = 'The versions of a schema are kept as they are.';
END;
$$;

CREATE TRIGGER "schema_versions_stay_as_they_are"
    BEFORE UPDATE OR DELETE ON "tessera"."schema_versions"
    FOR EACH ROW
    EXECUTE FUNCTION "tessera"."schema_versions_stay"();

CREATE TRIGGER "schema_versions_stay"
    BEFORE TRUNCATE ON "tessera"."schema_versions"
    FOR EACH STATEMENT
    EXECUTE FUNCTION "tessera"."schema_versions_stay"();

-- Every project has a PostgreSQL schema and a role that may use it (engine/migrate/apply/project-schema.ts).
-- Those that were made before get theirs here.
DO $$
DECLARE
    project record;
BEGIN
    FOR project IN SELECT 'p_' || ref AS schema, 'r_' || ref AS role FROM tessera.projects LOOP
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT', project.role);
        EXECUTE format('GRANT %I TO CURRENT_USER', project.role);
        EXECUTE format('CREATE SCHEMA %I', project.schema);
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', project.schema);
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', project.schema, project.role);
    END LOOP;
END
$$;

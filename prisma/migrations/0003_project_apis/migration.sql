-- CreateTable
CREATE TABLE "tessera"."project_usage_days" (
    "project_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "requests" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,

    CONSTRAINT "project_usage_days_pkey" PRIMARY KEY ("project_id","day")
);

-- CreateTable
CREATE TABLE "tessera"."api_key_usage_days" (
    "api_key_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "requests" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,

    CONSTRAINT "api_key_usage_days_pkey" PRIMARY KEY ("api_key_id","day")
);

-- CreateIndex
CREATE INDEX "project_usage_days_day_idx" ON "tessera"."project_usage_days"("day");

-- CreateIndex
CREATE INDEX "api_key_usage_days_day_idx" ON "tessera"."api_key_usage_days"("day");

-- AddForeignKey
ALTER TABLE "tessera"."project_usage_days" ADD CONSTRAINT "project_usage_days_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "tessera"."projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tessera"."api_key_usage_days" ADD CONSTRAINT "api_key_usage_days_api_key_id_fkey" FOREIGN KEY ("api_key_id") REFERENCES "tessera"."api_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on by hand: what Prisma's schema language cannot say.

ALTER TABLE "tessera"."project_usage_days"
    ADD CONSTRAINT "project_usage_days_errors_check" CHECK ("errors" BETWEEN 0 AND "requests");

ALTER TABLE "tessera"."api_key_usage_days"
    ADD CONSTRAINT "api_key_usage_days_errors_check" CHECK ("errors" BETWEEN 0 AND "requests");

-- Instances keep the schemas that projects' APIs are made from (management/project-apis). A new version, and
-- the end of a project, tell them on commit, whichever way they come about. The payload is the project's ref.
CREATE FUNCTION "tessera"."schema_versions_tell"() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('tessera_project_schemas', ref) FROM tessera.projects WHERE id = NEW.project_id;
    RETURN NULL;
END;
$$;

CREATE TRIGGER "schema_versions_tell"
    AFTER INSERT ON "tessera"."schema_versions"
    FOR EACH ROW
    EXECUTE FUNCTION "tessera"."schema_versions_tell"();

CREATE FUNCTION "tessera"."projects_tell_their_end"() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('tessera_project_schemas', OLD.ref);
    RETURN NULL;
END;
$$;

CREATE TRIGGER "projects_tell_their_end"
    AFTER DELETE ON "tessera"."projects"
    FOR EACH ROW
    EXECUTE FUNCTION "tessera"."projects_tell_their_end"();

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "tessera";

-- CreateEnum
CREATE TYPE "tessera"."role" AS ENUM ('OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER');

-- CreateEnum
CREATE TYPE "tessera"."api_key_kind" AS ENUM ('SECRET', 'PUBLISHABLE');

-- CreateEnum
CREATE TYPE "tessera"."audit_actor_kind" AS ENUM ('USER', 'API_KEY', 'SYSTEM', 'ANONYMOUS');

-- CreateTable
CREATE TABLE "tessera"."users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "email_verified_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tessera"."sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "ip_address" TEXT,
    "user_agent" TEXT,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tessera"."refresh_tokens" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "parent_id" UUID,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "rotated_at" TIMESTAMPTZ(3),

    CONSTRAINT "refresh_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tessera"."password_resets" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "password_resets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tessera"."email_verifications" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "email_verifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tessera"."organizations" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organizations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tessera"."memberships" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "tessera"."role" NOT NULL,
    "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "memberships_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tessera"."invitations" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "role" "tessera"."role" NOT NULL,
    "invited_by_id" UUID,
    "token_hash" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tessera"."project_refs" (
    "ref" TEXT NOT NULL,
    "claimed" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "project_refs_pkey" PRIMARY KEY ("ref")
);

-- CreateTable
CREATE TABLE "tessera"."projects" (
    "id" UUID NOT NULL,
    "ref" TEXT NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "projects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tessera"."api_keys" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "tessera"."api_key_kind" NOT NULL,
    "prefix" TEXT NOT NULL,
    "last_four" TEXT NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_by_id" UUID,
    "rotated_from_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "rate_limit_per_minute" INTEGER,

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tessera"."audit_entries" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "organization_id" UUID,
    "project_id" UUID,
    "actor_kind" "tessera"."audit_actor_kind" NOT NULL,
    "actor_id" UUID,
    "actor_label" TEXT,
    "action" TEXT NOT NULL,
    "target_kind" TEXT NOT NULL,
    "target_id" TEXT,
    "target_label" TEXT,
    "ip_address" TEXT,
    "request_id" TEXT,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "tessera"."users"("email");

-- CreateIndex
CREATE INDEX "sessions_user_id_id_idx" ON "tessera"."sessions"("user_id", "id");

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "tessera"."sessions"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "refresh_tokens_parent_id_key" ON "tessera"."refresh_tokens"("parent_id");

-- CreateIndex
CREATE UNIQUE INDEX "refresh_tokens_token_hash_key" ON "tessera"."refresh_tokens"("token_hash");

-- CreateIndex
CREATE INDEX "refresh_tokens_session_id_idx" ON "tessera"."refresh_tokens"("session_id");

-- CreateIndex
CREATE UNIQUE INDEX "password_resets_token_hash_key" ON "tessera"."password_resets"("token_hash");

-- CreateIndex
CREATE INDEX "password_resets_user_id_idx" ON "tessera"."password_resets"("user_id");

-- CreateIndex
CREATE INDEX "password_resets_expires_at_idx" ON "tessera"."password_resets"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "email_verifications_token_hash_key" ON "tessera"."email_verifications"("token_hash");

-- CreateIndex
CREATE INDEX "email_verifications_user_id_idx" ON "tessera"."email_verifications"("user_id");

-- CreateIndex
CREATE INDEX "email_verifications_expires_at_idx" ON "tessera"."email_verifications"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "organizations_slug_key" ON "tessera"."organizations"("slug");

-- CreateIndex
CREATE INDEX "memberships_user_id_id_idx" ON "tessera"."memberships"("user_id", "id");

-- CreateIndex
CREATE INDEX "memberships_organization_id_id_idx" ON "tessera"."memberships"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "memberships_organization_id_user_id_key" ON "tessera"."memberships"("organization_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitations_token_hash_key" ON "tessera"."invitations"("token_hash");

-- CreateIndex
CREATE INDEX "invitations_organization_id_id_idx" ON "tessera"."invitations"("organization_id", "id");

-- CreateIndex
CREATE INDEX "invitations_invited_by_id_idx" ON "tessera"."invitations"("invited_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "projects_ref_key" ON "tessera"."projects"("ref");

-- CreateIndex
CREATE INDEX "projects_organization_id_id_idx" ON "tessera"."projects"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "projects_organization_id_slug_key" ON "tessera"."projects"("organization_id", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_key_hash_key" ON "tessera"."api_keys"("key_hash");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_rotated_from_id_key" ON "tessera"."api_keys"("rotated_from_id");

-- CreateIndex
CREATE INDEX "api_keys_project_id_id_idx" ON "tessera"."api_keys"("project_id", "id");

-- CreateIndex
CREATE INDEX "api_keys_created_by_id_idx" ON "tessera"."api_keys"("created_by_id");

-- CreateIndex
CREATE INDEX "audit_entries_organization_id_id_idx" ON "tessera"."audit_entries"("organization_id", "id");

-- CreateIndex
CREATE INDEX "audit_entries_organization_id_action_id_idx" ON "tessera"."audit_entries"("organization_id", "action", "id");

-- CreateIndex
CREATE INDEX "audit_entries_organization_id_actor_id_id_idx" ON "tessera"."audit_entries"("organization_id", "actor_id", "id");

-- CreateIndex
CREATE INDEX "audit_entries_organization_id_project_id_id_idx" ON "tessera"."audit_entries"("organization_id", "project_id", "id");

-- AddForeignKey
ALTER TABLE "tessera"."sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "tessera"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tessera"."refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "tessera"."sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tessera"."refresh_tokens" ADD CONSTRAINT "refresh_tokens_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "tessera"."refresh_tokens"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tessera"."password_resets" ADD CONSTRAINT "password_resets_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "tessera"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tessera"."email_verifications" ADD CONSTRAINT "email_verifications_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "tessera"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tessera"."memberships" ADD CONSTRAINT "memberships_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "tessera"."organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tessera"."memberships" ADD CONSTRAINT "memberships_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "tessera"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tessera"."invitations" ADD CONSTRAINT "invitations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "tessera"."organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tessera"."invitations" ADD CONSTRAINT "invitations_invited_by_id_fkey" FOREIGN KEY ("invited_by_id") REFERENCES "tessera"."users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tessera"."projects" ADD CONSTRAINT "projects_ref_fkey" FOREIGN KEY ("ref") REFERENCES "tessera"."project_refs"("ref") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tessera"."projects" ADD CONSTRAINT "projects_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "tessera"."organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tessera"."api_keys" ADD CONSTRAINT "api_keys_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "tessera"."projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tessera"."api_keys" ADD CONSTRAINT "api_keys_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "tessera"."users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tessera"."api_keys" ADD CONSTRAINT "api_keys_rotated_from_id_fkey" FOREIGN KEY ("rotated_from_id") REFERENCES "tessera"."api_keys"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- From here on by hand: what Prisma's schema language cannot say.

-- At most one open invitation per organization and address.
CREATE UNIQUE INDEX "invitations_open_key" ON "tessera"."invitations"("organization_id", "email")
    WHERE "accepted_at" IS NULL AND "revoked_at" IS NULL;

-- The shape of the data. Collation "C" makes lower() mean the same on every server: ASCII letters only.
ALTER TABLE "tessera"."users"
    ADD CONSTRAINT "users_email_check" CHECK ("email" = lower("email" COLLATE "C") AND char_length("email") BETWEEN 3 AND 320),
    ADD CONSTRAINT "users_name_check" CHECK (char_length("name") BETWEEN 1 AND 200);

ALTER TABLE "tessera"."refresh_tokens"
    ADD CONSTRAINT "refresh_tokens_token_hash_check" CHECK (octet_length("token_hash") = 32),
    ADD CONSTRAINT "refresh_tokens_parent_id_check" CHECK ("parent_id" <> "id");

ALTER TABLE "tessera"."password_resets"
    ADD CONSTRAINT "password_resets_token_hash_check" CHECK (octet_length("token_hash") = 32);

ALTER TABLE "tessera"."email_verifications"
    ADD CONSTRAINT "email_verifications_email_check" CHECK ("email" = lower("email" COLLATE "C") AND char_length("email") BETWEEN 3 AND 320),
    ADD CONSTRAINT "email_verifications_token_hash_check" CHECK (octet_length("token_hash") = 32);

ALTER TABLE "tessera"."organizations"
    ADD CONSTRAINT "organizations_slug_check" CHECK ("slug" ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$'),
    ADD CONSTRAINT "organizations_name_check" CHECK (char_length("name") BETWEEN 1 AND 200);

ALTER TABLE "tessera"."invitations"
    ADD CONSTRAINT "invitations_email_check" CHECK ("email" = lower("email" COLLATE "C") AND char_length("email") BETWEEN 3 AND 320),
    ADD CONSTRAINT "invitations_token_hash_check" CHECK (octet_length("token_hash") = 32),
    ADD CONSTRAINT "invitations_end_check" CHECK ("accepted_at" IS NULL OR "revoked_at" IS NULL);

ALTER TABLE "tessera"."project_refs"
    ADD CONSTRAINT "project_refs_ref_check" CHECK ("ref" ~ '^[a-z0-9]{16}$');

ALTER TABLE "tessera"."projects"
    ADD CONSTRAINT "projects_slug_check" CHECK ("slug" ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$'),
    ADD CONSTRAINT "projects_name_check" CHECK (char_length("name") BETWEEN 1 AND 200);

ALTER TABLE "tessera"."api_keys"
    ADD CONSTRAINT "api_keys_name_check" CHECK (char_length("name") BETWEEN 1 AND 200),
    ADD CONSTRAINT "api_keys_prefix_check" CHECK (char_length("prefix") BETWEEN 1 AND 32),
    ADD CONSTRAINT "api_keys_last_four_check" CHECK (char_length("last_four") = 4),
    ADD CONSTRAINT "api_keys_key_hash_check" CHECK (octet_length("key_hash") = 32),
    ADD CONSTRAINT "api_keys_scopes_check" CHECK ("scopes" IS NOT NULL AND cardinality("scopes") <= 1000),
    ADD CONSTRAINT "api_keys_rotated_from_id_check" CHECK ("rotated_from_id" <> "id"),
    ADD CONSTRAINT "api_keys_rate_limit_per_minute_check" CHECK ("rate_limit_per_minute" > 0);

-- An organization keeps at least one owner, whatever comes at the same time.
CREATE FUNCTION "tessera"."memberships_keep_an_owner"() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    -- Writing the organization's row makes two such changes wait for each other, and lets the second,
    -- under REPEATABLE READ, fail to serialize rather than count by an old snapshot.
    UPDATE tessera.organizations SET name = name WHERE id = OLD.organization_id;
    IF NOT FOUND THEN
        RETURN NULL; -- The organization itself is being deleted.
    END IF;

    IF NOT EXISTS (
        SELECT FROM tessera.memberships
        WHERE organization_id = OLD.organization_id AND role = 'OWNER'
    ) THEN
        -- The message names the constraint in PostgreSQL's own form: some drivers pass on nothing else.
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = 'change of relation "memberships" violates check constraint "memberships_last_owner"',
            DETAIL = 'An organization keeps at least one owner.',
            SCHEMA = 'tessera',
            TABLE = 'memberships',
            CONSTRAINT = 'memberships_last_owner';
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER "memberships_last_owner_on_update"
    AFTER UPDATE OF "role", "organization_id" ON "tessera"."memberships"
    FOR EACH ROW
    WHEN (OLD."role" = 'OWNER' AND (NEW."role" <> 'OWNER' OR NEW."organization_id" <> OLD."organization_id"))
    EXECUTE FUNCTION "tessera"."memberships_keep_an_owner"();

CREATE TRIGGER "memberships_last_owner_on_delete"
    AFTER DELETE ON "tessera"."memberships"
    FOR EACH ROW
    WHEN (OLD."role" = 'OWNER')
    EXECUTE FUNCTION "tessera"."memberships_keep_an_owner"();

-- A ref is claimed by one project and by no other ever after, whichever way projects are written.
CREATE FUNCTION "tessera"."projects_claim_ref"() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tessera.project_refs SET claimed = true WHERE ref = NEW.ref AND NOT claimed;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = 'new row for relation "projects" violates check constraint "projects_ref_claimed_once"',
            DETAIL = 'The ref is another project''s, or was.',
            SCHEMA = 'tessera',
            TABLE = 'projects',
            CONSTRAINT = 'projects_ref_claimed_once';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER "projects_claim_ref"
    BEFORE INSERT OR UPDATE OF "ref" ON "tessera"."projects"
    FOR EACH ROW
    EXECUTE FUNCTION "tessera"."projects_claim_ref"();

CREATE FUNCTION "tessera"."project_refs_stay"() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        MESSAGE = 'The refs that were given out are kept for ever.';
END;
$$;

CREATE TRIGGER "project_refs_stay_as_they_are"
    BEFORE UPDATE ON "tessera"."project_refs"
    FOR EACH ROW
    WHEN (OLD."claimed" OR NEW."ref" <> OLD."ref")
    EXECUTE FUNCTION "tessera"."project_refs_stay"();

CREATE TRIGGER "project_refs_stay"
    BEFORE DELETE OR TRUNCATE ON "tessera"."project_refs"
    FOR EACH STATEMENT
    EXECUTE FUNCTION "tessera"."project_refs_stay"();

-- Instances keep API keys that they have verified (management/api-keys). Whatever changes what a key may
-- do, or what it shows, tells them on commit: also a cascade from a project or an organization, and
-- also a hand that repairs. The payload is the key of that cache. Not for "last_used_at", which is
-- written all the time.
CREATE FUNCTION "tessera"."api_keys_tell"() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('tessera_api_keys', encode(OLD.key_hash, 'hex'));
    RETURN NULL;
END;
$$;

CREATE TRIGGER "api_keys_tell_of_update"
    AFTER UPDATE OF "id", "project_id", "name", "kind", "prefix", "last_four", "key_hash", "scopes",
        "created_by_id", "rotated_from_id", "created_at", "expires_at", "revoked_at", "rate_limit_per_minute"
    ON "tessera"."api_keys"
    FOR EACH ROW
    EXECUTE FUNCTION "tessera"."api_keys_tell"();

CREATE TRIGGER "api_keys_tell_of_delete"
    AFTER DELETE ON "tessera"."api_keys"
    FOR EACH ROW
    EXECUTE FUNCTION "tessera"."api_keys_tell"();

CREATE FUNCTION "tessera"."projects_tell_their_keys"() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('tessera_api_keys', encode(key_hash, 'hex'))
        FROM tessera.api_keys
        WHERE project_id = NEW.id AND revoked_at IS NULL;
    RETURN NULL;
END;
$$;

CREATE TRIGGER "projects_tell_their_keys"
    AFTER UPDATE ON "tessera"."projects"
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION "tessera"."projects_tell_their_keys"();

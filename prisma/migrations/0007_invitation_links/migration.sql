-- AlterTable
ALTER TABLE "tessera"."invitations" ADD COLUMN     "link_token_hash" BYTEA;

-- CreateIndex
CREATE UNIQUE INDEX "invitations_link_token_hash_key" ON "tessera"."invitations"("link_token_hash");

-- From here on by hand: what Prisma's schema language cannot say.

ALTER TABLE "tessera"."invitations"
    ADD CONSTRAINT "invitations_link_token_hash_check" CHECK (octet_length("link_token_hash") = 32);

-- The open invitations to an address.
CREATE INDEX "invitations_open_email_idx" ON "tessera"."invitations"("email", "id")
    WHERE "accepted_at" IS NULL AND "revoked_at" IS NULL;

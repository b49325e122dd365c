-- CreateIndex
CREATE INDEX "audit_entries_target_id_id_idx" ON "tessera"."audit_entries"("target_id", "id");

-- The home page shows a shop's newest entries.
SET lock_timeout = '5s';
CREATE INDEX "ledger_entry_shop_id_entry_id_idx" ON "ledger_entry"("shop_id", "entry_id");

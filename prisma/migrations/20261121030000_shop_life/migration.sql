-- What a shop's life needs: one refresh of its token at a time, plan and details that no late webhook turns back,
-- erasing that survives the process that began it.

-- A lease, by the database's clock: who holds it asks Shopify for the next pair of tokens.
ALTER TABLE session ADD COLUMN refreshing_until timestamptz(3);

ALTER TABLE shop
  ADD COLUMN plan_subscription_id text,
  ADD COLUMN plan_as_of timestamptz(3),
  ADD COLUMN details_as_of timestamptz(3),
  ADD COLUMN left_at timestamptz(3),
  ADD COLUMN erasing_since timestamptz(3);

-- Shops whose erasing was begun and not ended: for the worker, which no shop is set for.
CREATE FUNCTION shops_being_erased(most integer) RETURNS TABLE (shop_id text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  asking_shop CONSTANT text := coalesce(current_setting('laurel.shop_id', true), '');
BEGIN
  PERFORM set_config('laurel.shop_id', '*', true);
  RETURN QUERY SELECT s.shop_id FROM shop s WHERE s.erasing_since IS NOT NULL ORDER BY s.erasing_since LIMIT most;
  PERFORM set_config('laurel.shop_id', asking_shop, true);
END $$;

-- Exports of customers' data are kept for thirty days (data_export.expires_at).
CREATE FUNCTION remove_expired_exports(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  asking_shop CONSTANT text := coalesce(current_setting('laurel.shop_id', true), '');
  removed bigint;
BEGIN
  PERFORM set_config('laurel.shop_id', '*', true);
  DELETE FROM data_export WHERE data_export_id IN (
    SELECT data_export_id FROM data_export WHERE expires_at <= now() ORDER BY expires_at LIMIT most);
  GET DIAGNOSTICS removed = ROW_COUNT;
  PERFORM set_config('laurel.shop_id', asking_shop, true);
  RETURN removed;
END $$;

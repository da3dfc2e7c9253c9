-- Every request to the REST API brings a key, and the key says which shop asks: so it is looked up before a shop is set.

-- The key with this hash and how its shop stands; nothing where it is revoked, or its shop left or is being erased.
CREATE FUNCTION find_api_key(hash text) RETURNS TABLE (
  api_key_id text, shop_id text, scopes jsonb, last_used_at timestamptz, plan text, plan_status text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  asking_shop CONSTANT text := coalesce(current_setting('laurel.shop_id', true), '');
BEGIN
  PERFORM set_config('laurel.shop_id', '*', true);
  RETURN QUERY
    SELECT k.api_key_id, k.shop_id, k.scopes, k.last_used_at, s.plan, s.plan_status
      FROM api_key k JOIN shop s ON s.shop_id = k.shop_id
     WHERE k.key_hash = hash AND k.revoked_at IS NULL AND s.uninstalled_at IS NULL AND s.erasing_since IS NULL;
  PERFORM set_config('laurel.shop_id', asking_shop, true);
END $$;

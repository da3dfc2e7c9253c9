-- Members whose copy at Shopify is behind are found by what the row itself says: no queue can lose that.
ALTER TABLE member ADD COLUMN mirror_after timestamptz(3);
CREATE INDEX member_behind ON member (mirror_after NULLS FIRST) WHERE sequence > mirrored;

-- Takes members that are behind, of installed shops, for `lease_ms`: whoever dies with them leaves them to the next
-- sweep. Those never tried come first. Two workers at once take different members.
CREATE FUNCTION claim_mirrors(at_most integer, lease_ms integer) RETURNS TABLE (shop_id text, member_id text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  asking_shop CONSTANT text := coalesce(current_setting('laurel.shop_id', true), '');
BEGIN
  PERFORM set_config('laurel.shop_id', '*', true);
  RETURN QUERY
    UPDATE member m SET mirror_after = now() + lease_ms * interval '1 ms'
     WHERE m.member_id IN (
       SELECT b.member_id FROM member b JOIN shop s ON s.shop_id = b.shop_id AND s.uninstalled_at IS NULL
        WHERE b.sequence > b.mirrored AND (b.mirror_after IS NULL OR b.mirror_after <= now())
        ORDER BY b.mirror_after NULLS FIRST LIMIT at_most FOR UPDATE OF b SKIP LOCKED)
    RETURNING m.shop_id, m.member_id;
  PERFORM set_config('laurel.shop_id', asking_shop, true);
END $$;

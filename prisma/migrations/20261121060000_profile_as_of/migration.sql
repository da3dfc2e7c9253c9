-- How new a member's profile is, by Shopify's updated_at: a customer's webhooks come in any order.
SET lock_timeout = '5s';
ALTER TABLE member ADD COLUMN profile_as_of timestamptz(3);

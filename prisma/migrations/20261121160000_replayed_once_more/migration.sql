-- Which of the deliveries that a replay took were sent again by something else since, by hand or by a later replay: stopping
-- the earlier one does not take that back.
SET lock_timeout = '5s';

ALTER TABLE replayed ADD COLUMN superseded boolean NOT NULL DEFAULT false;
CREATE INDEX replayed_delivery_id_idx ON replayed (delivery_id);

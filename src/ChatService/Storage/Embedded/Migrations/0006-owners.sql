-- The incarnation of the service that runs the turn; empty: one that is long dead.
ALTER TABLE stream ADD COLUMN owner TEXT NOT NULL DEFAULT '';

-- The incarnation of the service that opened a turn or took it over; whoever opens one says in chatgrpc.incarnation who
-- it is. Empty: one that is long dead.
ALTER TABLE stream ADD COLUMN owner text COLLATE "C" NOT NULL
    DEFAULT coalesce(current_setting('chatgrpc.incarnation', true), '');

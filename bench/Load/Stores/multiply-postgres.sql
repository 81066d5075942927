-- Puts 39 copies of every conversation beside it: what takes an hour to import is there in minutes.
-- psql -f bench/Load/Stores/multiply-postgres.sql DATABASE
SET search_path TO chatgrpc;
BEGIN;
CREATE FUNCTION pg_temp.other(id text, copy integer) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT substr(id, 1, 14) || 'f' || lpad(to_hex(copy), 3, '0') || substr(id, 19) $$;
CREATE TEMP TABLE copy AS SELECT generate_series(1, 39) AS k;
CREATE TEMP TABLE base_session AS SELECT * FROM session;
CREATE TEMP TABLE base_message AS SELECT * FROM message;
CREATE TEMP TABLE base_stream AS SELECT * FROM stream;
CREATE TEMP TABLE base_entry AS SELECT * FROM search_entry;

INSERT INTO session (tenant_id, session_id, title, head_id, created_at, updated_at)
SELECT tenant_id, session_id || '-' || k, title, pg_temp.other(head_id, k), created_at + k * interval '1 day',
       updated_at + k * interval '1 day'
FROM base_session, copy;
INSERT INTO message (message_id, tenant_id, session_id, parent_id, stream_id, ordinal, role, author, parts, reasoning,
                     status, usage, finish_reason, created_at, revision)
SELECT pg_temp.other(message_id, k), tenant_id, session_id || '-' || k, pg_temp.other(parent_id, k),
       pg_temp.other(stream_id, k), ordinal, role, author, parts, reasoning, status, usage, finish_reason,
       created_at + k * interval '1 day', revision
FROM base_message, copy ORDER BY k, ordinal;
INSERT INTO stream (stream_id, tenant_id, session_id, user_message_id, message_id, body_hash, model, resolved_model,
                    provider, metadata, continues_id, request, epoch, state, has_log, created_at, ended_at)
SELECT pg_temp.other(stream_id, k), tenant_id, session_id || '-' || k, pg_temp.other(user_message_id, k),
       pg_temp.other(message_id, k), body_hash, model, resolved_model, provider, metadata, continues_id, request, epoch,
       state, has_log, created_at + k * interval '1 day', ended_at + k * interval '1 day'
FROM base_stream, copy;
INSERT INTO search_entry (tenant_id, session_id, message_id, number, tokens)
SELECT tenant_id, session_id || '-' || k, CASE message_id WHEN '' THEN '' ELSE pg_temp.other(message_id, k) END,
       nextval('search_number'),
       tokens[1 : cardinality(tokens) - 2] || search_scopes(tenant_id, session_id || '-' || k)
FROM base_entry, copy ORDER BY k, number;
COMMIT;
VACUUM ANALYZE;

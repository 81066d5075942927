-- Puts 39 copies of every conversation beside it, as multiply-postgres.sql does; the service indexes them at its start.
-- sqlite3 FOLDER/chat.db < bench/Load/Stores/multiply-sqlite.sql
BEGIN;
CREATE TEMP TABLE copy AS
WITH RECURSIVE numbers (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM numbers WHERE k < 39) 
SELECT k, printf('f%03x', k) AS tag FROM numbers;
CREATE TEMP TABLE base_session AS SELECT * FROM session;
CREATE TEMP TABLE base_message AS SELECT * FROM message;
CREATE TEMP TABLE base_stream AS SELECT * FROM stream;
CREATE TEMP TABLE base_entry AS SELECT * FROM search_entry;

INSERT INTO session (tenant_id, session_id, title, head_id, created_at, updated_at)
SELECT tenant_id, session_id || '-' || k, title, substr(head_id, 1, 14) || tag || substr(head_id, 19),
       created_at + k * 86400000, updated_at + k * 86400000
FROM base_session, copy;
INSERT INTO message (message_id, tenant_id, session_id, parent_id, stream_id, ordinal, role, author, parts, reasoning,
                     status, usage, finish_reason, created_at, revision)
SELECT substr(message_id, 1, 14) || tag || substr(message_id, 19), tenant_id, session_id || '-' || k,
       substr(parent_id, 1, 14) || tag || substr(parent_id, 19),
       substr(stream_id, 1, 14) || tag || substr(stream_id, 19), ordinal, role, author, parts, reasoning,
       status, usage, finish_reason, created_at + k * 86400000, revision
FROM base_message, copy ORDER BY k, ordinal;
INSERT INTO stream (stream_id, tenant_id, session_id, user_message_id, message_id, body_hash, model, resolved_model,
                    provider, metadata, continues_id, request, epoch, state, last_seq, has_log, created_at, ended_at)
SELECT substr(stream_id, 1, 14) || tag || substr(stream_id, 19), tenant_id, session_id || '-' || k,
       substr(user_message_id, 1, 14) || tag || substr(user_message_id, 19),
       substr(message_id, 1, 14) || tag || substr(message_id, 19), body_hash, model, resolved_model,
       provider, metadata, continues_id, request, epoch, state, last_seq, has_log, created_at + k * 86400000,
       ended_at + k * 86400000
FROM base_stream, copy;
INSERT INTO search_entry (tenant_id, session_id, message_id)
SELECT tenant_id, session_id || '-' || k,
       iif(message_id = '', '', substr(message_id, 1, 14) || tag || substr(message_id, 19))
FROM base_entry, copy ORDER BY k, number;
COMMIT;
ANALYZE;

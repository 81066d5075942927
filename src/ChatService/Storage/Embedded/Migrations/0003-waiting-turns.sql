-- Turns can wait for their session, carry on another one's answer, and outlive the process that took them; logs expire;
-- watchers see what has changed.

-- Counts the changes of the session and its messages, from 1: what a watcher has seen.
ALTER TABLE session ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

-- The session's revision when the message was last changed.
ALTER TABLE message ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE message ADD COLUMN finish_reason INTEGER NOT NULL DEFAULT 0;
CREATE INDEX message_by_change ON message (tenant_id, session_id, revision, ordinal);

-- What was asked for beside the message: a chat.v1.StreamChatRequest. Turns from before this column need none, none of
-- them waits.
ALTER TABLE stream ADD COLUMN request BLOB NOT NULL DEFAULT x'';

-- The stream whose answer this one carries on, or empty.
ALTER TABLE stream ADD COLUMN continues_id TEXT NOT NULL DEFAULT '';

-- Whether the events are still kept, and with them the claim on the request id.
ALTER TABLE stream ADD COLUMN has_log INTEGER NOT NULL DEFAULT 1;
CREATE INDEX stream_by_end ON stream (ended_at) WHERE has_log = 1 AND ended_at IS NOT NULL;

-- QUEUED (1), RUNNING (2) and WAITING (3) turns.
CREATE INDEX stream_open ON stream (tenant_id, session_id) WHERE state IN (1, 2, 3);

-- Sessions get titles and can be listed, and messages an order that does not lean on the clock.

ALTER TABLE session ADD COLUMN title TEXT NOT NULL DEFAULT '';

-- Its place among its session's messages, from 1. Two ids of one millisecond have no order.
ALTER TABLE message ADD COLUMN ordinal INTEGER NOT NULL DEFAULT 0;

-- So far nothing was ever deleted, so the rows' ids tell the order in which they came.
UPDATE message SET ordinal = numbered.ordinal
FROM (
    SELECT message_id, row_number() OVER (PARTITION BY tenant_id, session_id ORDER BY rowid) AS ordinal FROM message
) AS numbered
WHERE numbered.message_id = message.message_id;

DROP INDEX message_of_session;
CREATE UNIQUE INDEX message_in_session ON message (tenant_id, session_id, ordinal);

-- session_title is the program's: it reads chat.v1.Part messages.
UPDATE session SET title = (
    SELECT session_title(parts) FROM message
    WHERE message.tenant_id = session.tenant_id AND message.session_id = session.session_id AND ordinal = 1
);

CREATE INDEX session_by_update ON session (tenant_id, updated_at DESC, session_id DESC);

-- Without these two, deleting looks through every message and every stream there is for what refers to the deleted.
CREATE INDEX message_of_parent ON message (parent_id);
CREATE INDEX stream_of_session ON stream (tenant_id, session_id);

-- States and roles are the numbers of chat.v1.StreamState and MessageRole; times are Unix milliseconds.

CREATE TABLE session (
    tenant_id  TEXT NOT NULL,
    session_id TEXT NOT NULL,
    head_id    TEXT NOT NULL, -- the newest message
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, session_id)
) STRICT, WITHOUT ROWID;

-- A session's messages are a tree: an edit or a second answer is another child of the same parent.
CREATE TABLE message (
    message_id TEXT NOT NULL PRIMARY KEY,
    tenant_id  TEXT NOT NULL,
    session_id TEXT NOT NULL,
    parent_id  TEXT REFERENCES message (message_id),
    stream_id  TEXT NOT NULL,
    role       INTEGER NOT NULL,
    author     TEXT NOT NULL, -- the end user, or the model's alias
    parts      BLOB NOT NULL, -- chat.v1.Part messages, each after its length
    reasoning  TEXT NOT NULL DEFAULT '',
    status     INTEGER NOT NULL,
    usage      BLOB, -- chat.v1.Usage
    created_at INTEGER NOT NULL,
    FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, session_id)
) STRICT;

CREATE INDEX message_of_session ON message (tenant_id, session_id, message_id);

CREATE TABLE stream (
    stream_id       TEXT NOT NULL PRIMARY KEY,
    tenant_id       TEXT NOT NULL,
    session_id      TEXT NOT NULL,
    user_message_id TEXT NOT NULL,
    message_id      TEXT NOT NULL,
    request_key     TEXT,
    body_hash       BLOB NOT NULL,
    model           TEXT NOT NULL,
    resolved_model  TEXT NOT NULL,
    provider        TEXT NOT NULL,
    metadata        TEXT NOT NULL, -- JSON object of texts
    epoch           INTEGER NOT NULL,
    state           INTEGER NOT NULL,
    last_seq        INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    ended_at        INTEGER,
    FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, session_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX stream_of_request ON stream (tenant_id, request_key) WHERE request_key IS NOT NULL;

-- At most one RUNNING (2) or WAITING (3) turn in a session.
CREATE UNIQUE INDEX stream_in_session ON stream (tenant_id, session_id) WHERE state IN (2, 3);

-- Runs of a stream's events: chat.v1.StreamChatResponse messages, each after its length.
CREATE TABLE stream_chunk (
    stream_id TEXT NOT NULL REFERENCES stream (stream_id),
    seq_first INTEGER NOT NULL,
    seq_last  INTEGER NOT NULL,
    epoch     INTEGER NOT NULL,
    body      BLOB NOT NULL,
    PRIMARY KEY (stream_id, seq_first)
) STRICT;

-- States and roles are the numbers of chat.v1.StreamState and MessageRole. Ids are compared byte by byte, as the
-- embedded store does. Every table of conversations says whose it is; 0004 holds requests to that.

CREATE TABLE session (
    tenant_id  text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL,
    title      text NOT NULL,
    head_id    text COLLATE "C" NOT NULL, -- the newest message
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL,
    revision   bigint NOT NULL DEFAULT 1, -- counts the changes of the session and its messages: what a watcher has seen
    PRIMARY KEY (tenant_id, session_id)
);

CREATE INDEX session_by_update ON session (tenant_id, updated_at DESC, session_id DESC);

-- A session's messages are a tree: an edit or a second answer is another child of the same parent.
CREATE TABLE message (
    message_id    text COLLATE "C" NOT NULL PRIMARY KEY,
    tenant_id     text COLLATE "C" NOT NULL,
    session_id    text COLLATE "C" NOT NULL,
    parent_id     text COLLATE "C" REFERENCES message (message_id),
    stream_id     text COLLATE "C" NOT NULL,
    ordinal       bigint NOT NULL, -- its place among its session's messages, from 1
    role          integer NOT NULL,
    author        text NOT NULL, -- the end user, or the model's alias
    parts         bytea NOT NULL, -- chat.v1.Part messages, each after its length
    reasoning     text NOT NULL DEFAULT '',
    status        integer NOT NULL,
    usage         bytea, -- chat.v1.Usage
    finish_reason integer NOT NULL DEFAULT 0,
    created_at    timestamptz(3) NOT NULL,
    revision      bigint NOT NULL, -- the session's when the message was last changed
    FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, session_id)
);

CREATE UNIQUE INDEX message_in_session ON message (tenant_id, session_id, ordinal);
CREATE INDEX message_by_change ON message (tenant_id, session_id, revision, ordinal);

-- What follows a message is found by it, and the first ones of a session by the second index.
CREATE INDEX message_of_parent ON message (parent_id, ordinal);
CREATE INDEX message_first ON message (tenant_id, session_id, ordinal) WHERE parent_id IS NULL;

-- Each flush changes a running stream's row: with room in its page, that touches no index.
CREATE TABLE stream (
    stream_id       text COLLATE "C" NOT NULL PRIMARY KEY,
    tenant_id       text COLLATE "C" NOT NULL,
    session_id      text COLLATE "C" NOT NULL,
    user_message_id text COLLATE "C" NOT NULL,
    message_id      text COLLATE "C" NOT NULL,
    request_key     text COLLATE "C",
    body_hash       bytea NOT NULL,
    model           text NOT NULL,
    resolved_model  text NOT NULL,
    provider        text NOT NULL,
    metadata        text NOT NULL, -- a JSON object of texts
    continues_id    text COLLATE "C" NOT NULL, -- the stream whose answer this one carries on, or empty
    request         bytea NOT NULL, -- what was asked for beside the message: a chat.v1.StreamChatRequest
    epoch           bigint NOT NULL,
    state           integer NOT NULL,
    last_seq        bigint NOT NULL DEFAULT 0,
    has_log         boolean NOT NULL DEFAULT true, -- the events are still kept, and the claim on the request id
    log_day         date NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')::date, -- where its events are, whenever they come
    created_at      timestamptz(3) NOT NULL,
    ended_at        timestamptz(3),
    FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, session_id)
) WITH (fillfactor = 70);

CREATE UNIQUE INDEX stream_of_request ON stream (tenant_id, request_key) WHERE request_key IS NOT NULL;
CREATE INDEX stream_of_session ON stream (tenant_id, session_id);
CREATE INDEX stream_by_end ON stream (ended_at) WHERE has_log AND ended_at IS NOT NULL;
CREATE INDEX stream_by_day ON stream (log_day) WHERE has_log;

-- QUEUED (1), RUNNING (2) and WAITING (3) turns; at most one of the latter two in a session.
CREATE INDEX stream_open ON stream (tenant_id, session_id) WHERE state IN (1, 2, 3);
CREATE UNIQUE INDEX stream_in_session ON stream (tenant_id, session_id) WHERE state IN (2, 3);

-- A turn that calls tools has steps: what a model said, what the tools came to, and so on. They stay with the message.
CREATE TABLE turn_step (
    stream_id     text COLLATE "C" NOT NULL REFERENCES stream (stream_id),
    step          integer NOT NULL, -- from 1
    kind          integer NOT NULL, -- 1: a model's answer, 2: the results of the tools that it called
    state         integer NOT NULL, -- chat.v1.StreamState: RUNNING, WAITING or COMPLETED
    body          bytea NOT NULL, -- what it came to: chat.v1.StreamChatResponse messages, each after its length
    attempts      bytea NOT NULL, -- chat.v1.Attempt messages, each after its length
    waiting_since timestamptz(3),
    has_document  boolean NOT NULL, -- later messages of the conversation need it
    PRIMARY KEY (stream_id, step)
);

-- Texts that can be searched, by what Storage/Search knows of them: numbers for their pairs of neighbouring scalars,
-- and those of search_scopes. The texts are elsewhere.
CREATE SEQUENCE search_number;
CREATE TABLE search_entry (
    tenant_id  text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL,
    message_id text COLLATE "C" NOT NULL, -- empty: the session's title
    number     bigint, -- the last saved is found first; NULL: its turn has not ended
    tokens     integer[] NOT NULL,
    PRIMARY KEY (tenant_id, session_id, message_id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, session_id)
);

CREATE UNIQUE INDEX search_by_number ON search_entry (number) WHERE number IS NOT NULL;
CREATE INDEX search_by_tenant ON search_entry (tenant_id, number) WHERE number IS NOT NULL;
CREATE INDEX search_by_tokens ON search_entry USING gin (tokens) WHERE number IS NOT NULL;

-- Runs of a stream's events: chat.v1.StreamChatResponse messages, each after its length. A partition for each day on
-- which streams began, dropped as a whole when the last of them has no log any more. A foreign key to stream would make
-- each drop lock that table, so there is none.
CREATE TABLE stream_chunk (
    log_day   date NOT NULL,
    stream_id text COLLATE "C" NOT NULL,
    seq_first bigint NOT NULL,
    seq_last  bigint NOT NULL,
    epoch     bigint NOT NULL,
    body      bytea NOT NULL,
    PRIMARY KEY (log_day, stream_id, seq_first)
) PARTITION BY RANGE (log_day);

-- Attached and not created in place: that lets writers go on meanwhile.
CREATE FUNCTION make_log_day(p_day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_name text := 'stream_chunk_' || to_char(p_day, 'YYYYMMDD');
BEGIN
    IF to_regclass(quote_ident(current_schema()) || '.' || v_name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE stream_chunk INCLUDING ALL)', v_name);
        EXECUTE format('ALTER TABLE stream_chunk ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                       v_name, p_day, p_day + 1);
    END IF;
END
$$;

-- For today and so many days ahead, and for whatever open streams still need.
CREATE FUNCTION make_log_days(p_ahead integer) RETURNS void LANGUAGE sql AS $$
    SELECT make_log_day(day) FROM (
        SELECT (now() AT TIME ZONE 'UTC')::date + ahead AS day FROM generate_series(0, p_ahead) AS ahead
        UNION SELECT log_day FROM stream WHERE state IN (1, 2, 3)
        ORDER BY day) AS days
$$;

-- Drops one partition that is of no use any more, the oldest. NULL: there is none, or somebody reads for longer than
-- writers may be kept waiting behind the drop.
CREATE FUNCTION drop_log_day() RETURNS text LANGUAGE plpgsql SET lock_timeout = '500ms' AS $$
DECLARE
    v_name text;
BEGIN
    SELECT relname INTO v_name
    FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'stream_chunk'::regclass AND relname ~ '^stream_chunk_[0-9]{8}$'
      AND to_date(right(relname, 8), 'YYYYMMDD') < (now() AT TIME ZONE 'UTC')::date - 1
      AND NOT EXISTS (
          SELECT 1 FROM stream WHERE has_log AND log_day = to_date(right(relname, 8), 'YYYYMMDD'))
    ORDER BY relname LIMIT 1;
    IF v_name IS NOT NULL THEN
        EXECUTE format('DROP TABLE %I', v_name);
    END IF;
    RETURN v_name;
EXCEPTION WHEN lock_not_available THEN
    RETURN NULL;
END
$$;

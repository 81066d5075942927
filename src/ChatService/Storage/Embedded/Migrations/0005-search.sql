-- Titles and the messages of ended turns can be searched; Storage/Search says how.

-- A text that may be found. What is new is looked at as it is, until it is indexed: that is done in writes of its own.
CREATE TABLE search_entry (
    number     INTEGER PRIMARY KEY AUTOINCREMENT, -- the last saved is found first; none is used twice
    tenant_id  TEXT NOT NULL,
    session_id TEXT NOT NULL,
    message_id TEXT NOT NULL, -- empty: the session's title
    is_indexed INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX search_entry_of ON search_entry (tenant_id, session_id, message_id);
CREATE INDEX search_pending ON search_entry (tenant_id, number) WHERE is_indexed = 0;

-- For each entry, by its number, the tokens of Storage/Search/SearchTokens.cs in hexadecimal. The texts are elsewhere.
CREATE VIRTUAL TABLE search_index USING fts5 (
    tokens, content = '', detail = none, columnsize = 0, tokenize = 'ascii'
);

-- Texts that are gone, but for the index: it lets go of one only for its tokens.
CREATE TABLE search_removal (
    number     INTEGER PRIMARY KEY,
    tenant_id  TEXT NOT NULL,
    session_id TEXT NOT NULL,
    text       TEXT NOT NULL
) STRICT;

INSERT INTO search_entry (tenant_id, session_id, message_id)
SELECT tenant_id, session_id, message_id
FROM (
    SELECT tenant_id, session_id, '' AS message_id, created_at, 0 AS ordinal FROM session
    UNION ALL
    SELECT tenant_id, session_id, message_id, created_at, ordinal FROM message
    WHERE NOT EXISTS (
        SELECT 1 FROM stream WHERE stream.stream_id = message.stream_id AND state IN (1, 2, 3))
)
ORDER BY created_at, tenant_id, session_id, ordinal;

-- A message's siblings are found by their parent; those of a first one by this.
CREATE INDEX message_first ON message (tenant_id, session_id, ordinal) WHERE parent_id IS NULL;
DROP INDEX message_of_parent;
CREATE INDEX message_of_parent ON message (parent_id, ordinal);

-- What is wanted of turns, for whoever owns them to take: rows are there for a moment only.
CREATE TABLE wish (
    number    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream_id text COLLATE "C" NOT NULL REFERENCES stream (stream_id) ON DELETE CASCADE,
    kind      integer NOT NULL, -- 1: cancel it, 2: its reader is gone, 3: take a tool's result, 4: it is waited for
    body      bytea NOT NULL); -- the result: chat.v1.ToolResult

CREATE INDEX wish_of_stream ON wish (stream_id);

GRANT INSERT ON wish TO chatgrpc_request;
ALTER TABLE wish ENABLE ROW LEVEL SECURITY;

-- Of the streams there, their own policy leaves the tenant's.
CREATE POLICY own ON wish TO chatgrpc_request
    USING (EXISTS (SELECT 1 FROM stream WHERE stream.stream_id = wish.stream_id));

-- A turn that calls tools has steps: what a model said, what the tools came to, and so on. They stay with the message.

CREATE TABLE turn_step (
    stream_id TEXT NOT NULL REFERENCES stream (stream_id),
    step      INTEGER NOT NULL, -- from 1
    kind      INTEGER NOT NULL, -- 1: a model's answer, 2: the results of the tools that it called
    state     INTEGER NOT NULL, -- chat.v1.StreamState: RUNNING, WAITING or COMPLETED
    body      BLOB NOT NULL, -- what it came to: chat.v1.StreamChatResponse messages, each after its length
    attempts  BLOB NOT NULL, -- chat.v1.Attempt messages, each after its length
    waiting_since INTEGER, -- Unix milliseconds
    has_document  INTEGER NOT NULL, -- later messages of the conversation need it
    PRIMARY KEY (stream_id, step)
) STRICT;

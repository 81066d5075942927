-- Titles and the messages of ended turns can be searched; Storage/Search says how. Sessions can be written as a whole.

CREATE SEQUENCE search_number;

CREATE TABLE search_entry (
    number     bigint PRIMARY KEY DEFAULT nextval('search_number'), -- the last saved is found first
    tenant_id  text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL,
    message_id text COLLATE "C" NOT NULL, -- empty: the session's title
    tokens     integer[], -- of Storage/Search/SearchTokens.cs; null: it is looked at as it is, until it is indexed
    is_wide    boolean NOT NULL DEFAULT false, -- it has too many to be indexed by them
    UNIQUE (tenant_id, session_id, message_id)
);

CREATE INDEX search_newest ON search_entry (tenant_id, number DESC);
CREATE INDEX search_pending ON search_entry (tenant_id, number DESC) WHERE tokens IS NULL;
CREATE INDEX search_wide ON search_entry (tenant_id, number DESC) WHERE is_wide;
CREATE INDEX search_tokens ON search_entry USING gin (tokens);

INSERT INTO search_entry (tenant_id, session_id, message_id)
SELECT tenant_id, session_id, message_id
FROM (
    SELECT tenant_id, session_id, '' AS message_id, created_at, 0 AS ordinal FROM session
    UNION ALL
    SELECT tenant_id, session_id, message_id, created_at, ordinal FROM message
    WHERE NOT EXISTS (
        SELECT 1 FROM stream WHERE stream.stream_id = message.stream_id AND state IN (1, 2, 3))) AS found
ORDER BY created_at, tenant_id, session_id, ordinal;

-- A message's siblings are found by their parent; those of a first one by this.
CREATE INDEX message_first ON message (tenant_id, session_id, ordinal) WHERE parent_id IS NULL;

-- The outcome is a number of ImportOutcome. Ids that are taken undo all of it; whose they are is not looked at.
CREATE FUNCTION import_session(
    p_tenant text, p_session text, p_title text, p_head text, p_created timestamptz, p_updated timestamptz,
    p_messages text[], p_parents text[], p_streams text[], p_roles integer[], p_authors text[], p_parts bytea[],
    p_reasonings text[], p_states integer[], p_usages bytea[], p_finishes integer[], p_times timestamptz[],
    p_step_streams text[], p_steps integer[], p_kinds integer[], p_step_states integer[], p_bodies bytea[],
    p_documents boolean[])
RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_session(p_tenant, p_session);
    IF EXISTS (SELECT 1 FROM session WHERE tenant_id = p_tenant AND session_id = p_session) THEN
        RETURN 1;
    END IF;

    INSERT INTO session (tenant_id, session_id, title, head_id, created_at, updated_at)
    VALUES (p_tenant, p_session, p_title, p_head, p_created, p_updated);
    INSERT INTO message (message_id, tenant_id, session_id, parent_id, stream_id, ordinal, role, author, parts,
                         reasoning, status, usage, finish_reason, created_at, revision)
    SELECT message, p_tenant, p_session, parent, stream, ordinal, role, author, parts, reasoning, state, usage, finish,
           created, 1
    FROM unnest(p_messages, p_parents, p_streams, p_roles, p_authors, p_parts, p_reasonings, p_states, p_usages,
                p_finishes, p_times) WITH ORDINALITY
         AS given (message, parent, stream, role, author, parts, reasoning, state, usage, finish, created, ordinal)
    ORDER BY ordinal;

    -- The answers' turns, as if their logs had expired.
    INSERT INTO stream (stream_id, tenant_id, session_id, user_message_id, message_id, body_hash, model,
                        resolved_model, provider, metadata, continues_id, request, epoch, state, has_log, created_at,
                        ended_at)
    SELECT stream, p_tenant, p_session, parent, message, '', author, '', '', '{}', '', '', 1, state, false, created,
           created
    FROM unnest(p_messages, p_parents, p_streams, p_roles, p_authors, p_states, p_times)
         AS given (message, parent, stream, role, author, state, created)
    WHERE role = 2;
    INSERT INTO turn_step (stream_id, step, kind, state, body, attempts, has_document)
    SELECT stream, step, kind, state, body, '', document
    FROM unnest(p_step_streams, p_steps, p_kinds, p_step_states, p_bodies, p_documents)
         AS given (stream, step, kind, state, body, document);

    INSERT INTO search_entry (tenant_id, session_id, message_id)
    SELECT p_tenant, p_session, message
    FROM unnest('' || p_messages) WITH ORDINALITY AS given (message, ordinal)
    ORDER BY ordinal;
    RETURN 0;
EXCEPTION WHEN unique_violation THEN
    RETURN 2;
END
$$;

-- The two propose texts of the tenant in chatgrpc.tenant: up to 200 numbers, the greatest first, and before which one to
-- go on; NULL: there are no more. They run as their owner, for row security lets no request use the index of tokens.

-- Among the 2,000 newest: what more than a few in a hundred texts have is found here, in no more time than it takes.
CREATE FUNCTION search_newest(p_before bigint, p_tokens integer[], OUT numbers bigint[], OUT next bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = chatgrpc, pg_temp AS $$
    WITH considered AS MATERIALIZED (
        SELECT number, tokens @> p_tokens OR tokens IS NULL OR is_wide AS fits FROM search_entry
        WHERE tenant_id = current_setting('chatgrpc.tenant', true) AND number < p_before
        ORDER BY number DESC LIMIT 2000),
    proposed AS (SELECT number FROM considered WHERE fits ORDER BY number DESC LIMIT 200)
    SELECT coalesce(array_agg(number ORDER BY number DESC), '{}'),
           CASE WHEN count(*) = 200 THEN min(number)
                WHEN (SELECT count(*) FROM considered) = 2000 THEN (SELECT min(number) FROM considered) END
    FROM proposed
$$;

-- Of all, by the index. Without a session: the empty text.
CREATE FUNCTION search_all(
    p_before bigint, p_tokens integer[], p_session text, OUT numbers bigint[], OUT next bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = chatgrpc, pg_temp AS $$
    WITH considered AS MATERIALIZED (
        SELECT number, tenant_id, session_id FROM search_entry WHERE tokens @> p_tokens
        UNION
        SELECT number, tenant_id, session_id FROM search_entry
        WHERE tenant_id = current_setting('chatgrpc.tenant', true) AND tokens IS NULL
        UNION
        SELECT number, tenant_id, session_id FROM search_entry
        WHERE tenant_id = current_setting('chatgrpc.tenant', true) AND is_wide),
    proposed AS (
        SELECT number FROM considered
        WHERE tenant_id = current_setting('chatgrpc.tenant', true) AND number < p_before
          AND (p_session = '' OR session_id = p_session)
        ORDER BY number DESC LIMIT 200)
    SELECT coalesce(array_agg(number ORDER BY number DESC), '{}'), CASE WHEN count(*) = 200 THEN min(number) END
    FROM proposed
$$;

GRANT EXECUTE ON FUNCTION search_newest, search_all TO chatgrpc_request;
GRANT USAGE ON SEQUENCE search_number TO chatgrpc_request;
GRANT SELECT, INSERT, DELETE ON search_entry TO chatgrpc_request;
GRANT UPDATE (number, tokens) ON search_entry TO chatgrpc_request;
GRANT INSERT ON turn_step TO chatgrpc_request;
GRANT EXECUTE ON FUNCTION import_session TO chatgrpc_request;

ALTER TABLE search_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON search_entry TO chatgrpc_request
    USING (tenant_id = current_setting('chatgrpc.tenant', true));

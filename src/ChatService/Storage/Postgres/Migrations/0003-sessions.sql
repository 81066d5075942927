-- Sessions as wholes: their branches, their names, their import, and what is found in them.

-- The newest message below one, or that one, becomes the head. False: the session has no such message.
CREATE FUNCTION select_branch(p_tenant text, p_session text, p_message text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_head text;
BEGIN
    PERFORM lock_session(p_tenant, p_session);
    WITH RECURSIVE below (message_id, ordinal) AS (
        SELECT message.message_id, message.ordinal FROM message
        WHERE message_id = p_message AND tenant_id = p_tenant AND session_id = p_session
        UNION ALL
        SELECT child.message_id, child.ordinal
        FROM below JOIN message AS child ON child.parent_id = below.message_id
        WHERE child.tenant_id = p_tenant)
    SELECT below.message_id INTO v_head FROM below ORDER BY below.ordinal DESC LIMIT 1;
    UPDATE session SET head_id = v_head, revision = revision + 1
    WHERE tenant_id = p_tenant AND session_id = p_session AND head_id <> v_head;
    RETURN v_head IS NOT NULL;
END
$$;

CREATE FUNCTION rename_session(
    p_tenant text, p_session text, p_title text, p_at timestamptz, p_tokens integer[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_session(p_tenant, p_session);
    UPDATE session SET title = p_title, updated_at = greatest(updated_at, p_at), revision = revision + 1
    WHERE tenant_id = p_tenant AND session_id = p_session;
    UPDATE search_entry SET number = nextval('search_number'), tokens = p_tokens || search_scopes(p_tenant, p_session)
    WHERE tenant_id = p_tenant AND session_id = p_session AND message_id = '';
END
$$;

-- A session whose messages follow, by import_messages in the same transaction. The outcome is a number of
-- ImportOutcome.
CREATE FUNCTION import_session(
    p_tenant text, p_session text, p_title text, p_title_tokens integer[], p_head text,
    p_created timestamptz, p_updated timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_session(p_tenant, p_session);
    PERFORM 1 FROM session WHERE tenant_id = p_tenant AND session_id = p_session;
    IF FOUND THEN
        RETURN 1;
    END IF;

    INSERT INTO session (tenant_id, session_id, title, head_id, created_at, updated_at)
    VALUES (p_tenant, p_session, p_title, p_head, p_created, p_updated);
    INSERT INTO search_entry (tenant_id, session_id, message_id, number, tokens)
    VALUES (p_tenant, p_session, '', nextval('search_number'), p_title_tokens || search_scopes(p_tenant, p_session));
    RETURN 0;
END
$$;

-- Some of its messages, whose turns have ended and have no logs. Tokens are written as arrays in text, since they are
-- of different lengths. On any other outcome than 0 the caller gives all of it up.
CREATE FUNCTION import_messages(
    p_tenant text, p_session text,
    p_messages text[], p_parents text[], p_streams text[], p_ordinals bigint[], p_roles integer[], p_authors text[],
    p_parts bytea[], p_reasonings text[], p_statuses integer[], p_usages bytea[], p_finishes integer[],
    p_created_at timestamptz[], p_tokens text[],
    p_step_streams text[], p_steps integer[], p_kinds integer[], p_step_states integer[], p_bodies bytea[],
    p_documents boolean[])
RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO message (message_id, tenant_id, session_id, parent_id, stream_id, ordinal, role, author, parts,
                         reasoning, status, usage, finish_reason, created_at, revision)
    SELECT message_id, p_tenant, p_session, parent_id, stream_id, ordinal, role, author, parts, reasoning, status, usage,
           finish, created_at, 1
    FROM unnest(p_messages, p_parents, p_streams, p_ordinals, p_roles, p_authors, p_parts, p_reasonings, p_statuses,
                p_usages, p_finishes, p_created_at)
        AS given (message_id, parent_id, stream_id, ordinal, role, author, parts, reasoning, status, usage, finish,
                  created_at);

    -- The answers' turns, as if their logs had expired.
    INSERT INTO stream (stream_id, tenant_id, session_id, user_message_id, message_id, body_hash, model, resolved_model,
                        provider, metadata, continues_id, request, epoch, state, has_log, created_at, ended_at)
    SELECT stream_id, p_tenant, p_session, parent_id, message_id, '', author, '', '', '{}', '', '', 1, status, false,
           created_at, created_at
    FROM unnest(p_messages, p_parents, p_streams, p_roles, p_authors, p_statuses, p_created_at)
        AS given (message_id, parent_id, stream_id, role, author, status, created_at)
    WHERE role = 2;
    INSERT INTO turn_step (stream_id, step, kind, state, body, attempts, has_document)
    SELECT stream_id, step, kind, state, body, '', has_document
    FROM unnest(p_step_streams, p_steps, p_kinds, p_step_states, p_bodies, p_documents)
        AS given (stream_id, step, kind, state, body, has_document);

    INSERT INTO search_entry (tenant_id, session_id, message_id, number, tokens)
    SELECT p_tenant, p_session, message_id, nextval('search_number'),
           tokens::integer[] || search_scopes(p_tenant, p_session)
    FROM (
        SELECT message_id, tokens FROM unnest(p_messages, p_tokens, p_ordinals)
            AS given (message_id, tokens, ordinal)
        ORDER BY ordinal) AS entries;
    RETURN 0;
EXCEPTION WHEN unique_violation THEN
    RETURN 2;
END
$$;

-- What may have all terms: the text itself decides. Row security lets no index look for tokens before it has looked for
-- the tenant, so this looks with the owner's rights, and names the tenant twice: as the caller does, and as the
-- transaction. What is common is among the newest, and no index is as quick as looking at some of those; for what is
-- rare the planner must not walk through all there is, so no index has the order that the second query asks for.
CREATE FUNCTION search_numbers(
    p_tenant text, p_session text, p_tokens integer[], p_wide integer, p_before bigint, p_limit bigint)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = chatgrpc, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    v_scope integer := (search_scopes(p_tenant, p_session))[CASE WHEN p_session = '' THEN 1 ELSE 2 END];
    v_floor bigint;
    v_found bigint;
BEGIN
    SELECT search_entry.number INTO v_floor FROM search_entry
    WHERE tenant_id = p_tenant AND search_entry.number IS NOT NULL AND search_entry.number < p_before
    ORDER BY search_entry.number DESC OFFSET 5000 LIMIT 1;
    RETURN QUERY
    SELECT search_entry.number FROM search_entry
    WHERE tenant_id = p_tenant AND tenant_id = current_setting('chatgrpc.tenant', true)
      AND (p_session = '' OR session_id = p_session) AND search_entry.number IS NOT NULL
      AND search_entry.number < p_before AND search_entry.number > coalesce(v_floor, 0)
      AND (tokens @> (p_tokens || v_scope) OR tokens @> ARRAY[v_scope, p_wide])
    ORDER BY search_entry.number DESC LIMIT p_limit;
    GET DIAGNOSTICS v_found = ROW_COUNT;
    IF v_found < p_limit AND v_floor IS NOT NULL THEN
        RETURN QUERY
        SELECT search_entry.number FROM search_entry
        WHERE tenant_id = p_tenant AND tenant_id = current_setting('chatgrpc.tenant', true)
          AND (p_session = '' OR session_id = p_session) AND search_entry.number IS NOT NULL
          AND search_entry.number <= v_floor
          AND (tokens @> (p_tokens || v_scope) OR tokens @> ARRAY[v_scope, p_wide])
        ORDER BY search_entry.number + 0 DESC LIMIT p_limit - v_found;
    END IF;
END
$$;

-- What takes several statements and has to be one commit, in one round trip. Locks are always taken in this order: the
-- request id's, then sessions' (several: by their keys), then streams' (several: by their ids).

CREATE FUNCTION session_key(p_tenant text, p_session text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT hashtextextended(p_session, hashtextextended(p_tenant, 0))
$$;

-- Whatever opens, ends or promotes turns of a session, and whatever deletes it, comes one after the other.
CREATE FUNCTION lock_session(p_tenant text, p_session text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(session_key(p_tenant, p_session));
END
$$;

-- For whom a text is: beside its pairs, so that the index looks at nobody else's texts.
CREATE FUNCTION search_scopes(p_tenant text, p_session text) RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY[(hashtextextended(p_tenant, 2) & 2147483647)::integer,
                 (session_key(p_tenant, p_session) & 2147483647)::integer]
$$;

-- The opening commit. The outcome is a number of OpenOutcome.
CREATE FUNCTION open_turn(
    p_tenant text, p_session text, p_stream text, p_user_message text, p_message text,
    p_edited text, p_wanted text, p_answers_stored boolean, p_continues text, p_request_key text, p_body_hash bytea,
    p_max_ahead integer, p_title text, p_title_tokens integer[], p_author text, p_parts bytea, p_tokens integer[],
    p_model text, p_resolved_model text, p_provider text, p_metadata text, p_request bytea, p_epoch bigint,
    p_created timestamptz)
RETURNS TABLE (outcome integer, found_id text, ahead integer) LANGUAGE plpgsql AS $$
DECLARE
    v_hash bytea;
    v_parent text;
    v_revision bigint;
    v_ordinal bigint;
    v_state integer;
BEGIN
    IF p_request_key IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(p_request_key, hashtextextended(p_tenant, 1)));
        SELECT stream.stream_id, body_hash INTO found_id, v_hash FROM stream
        WHERE tenant_id = p_tenant AND request_key = p_request_key;
        IF FOUND THEN
            outcome := CASE WHEN v_hash = p_body_hash THEN 4 ELSE 5 END;
            ahead := 0;
            RETURN NEXT;
            RETURN;
        END IF;
    END IF;

    -- Tried again, an opening waits here for the first try of it, wherever that has got to.
    PERFORM lock_session(p_tenant, p_session);
    PERFORM 1 FROM stream WHERE stream.stream_id = p_stream AND tenant_id = p_tenant;
    IF FOUND THEN
        RETURN QUERY SELECT 4, p_stream, 0;
        RETURN;
    END IF;

    -- The one that runs, before those that wait; and how many they are.
    SELECT coalesce((array_agg(stream.stream_id ORDER BY state = 1))[1], ''), count(*) INTO found_id, ahead FROM stream
    WHERE tenant_id = p_tenant AND session_id = p_session AND state IN (1, 2, 3);
    IF ahead > p_max_ahead THEN
        outcome := CASE WHEN p_max_ahead = 0 THEN 2 ELSE 3 END;
        ahead := 0;
        RETURN NEXT;
        RETURN;
    END IF;

    -- No parent: the message is a first one. What is named may have been deleted in the meantime, with its session.
    IF p_edited IS NOT NULL THEN
        SELECT parent_id INTO v_parent FROM message
        WHERE message_id = p_edited AND tenant_id = p_tenant AND session_id = p_session AND role = 1;
        IF NOT FOUND THEN
            RETURN QUERY SELECT 6, '', 0;
            RETURN;
        END IF;
    ELSIF p_wanted IS NULL THEN
        SELECT head_id INTO v_parent FROM session WHERE tenant_id = p_tenant AND session_id = p_session;
    ELSE
        SELECT message_id INTO v_parent FROM message
        WHERE message_id = p_wanted AND tenant_id = p_tenant AND session_id = p_session;
        IF NOT FOUND THEN
            RETURN QUERY SELECT 6, '', 0;
            RETURN;
        END IF;
    END IF;

    INSERT INTO session (tenant_id, session_id, head_id, title, created_at, updated_at)
    VALUES (p_tenant, p_session, p_message, p_title, p_created, p_created)
    ON CONFLICT (tenant_id, session_id) DO UPDATE
    SET head_id = excluded.head_id, updated_at = greatest(session.updated_at, excluded.updated_at),
        revision = session.revision + 1
    RETURNING revision INTO v_revision;
    IF v_revision = 1 THEN
        INSERT INTO search_entry (tenant_id, session_id, message_id, number, tokens)
        VALUES (p_tenant, p_session, '', nextval('search_number'),
                p_title_tokens || search_scopes(p_tenant, p_session));
    END IF;

    v_state := CASE WHEN ahead = 0 THEN 2 ELSE 1 END;
    SELECT coalesce(max(ordinal), 0) INTO v_ordinal FROM message
    WHERE tenant_id = p_tenant AND session_id = p_session;
    IF NOT p_answers_stored THEN
        v_ordinal := v_ordinal + 1;
        INSERT INTO message (message_id, tenant_id, session_id, parent_id, stream_id, ordinal, role, author, parts,
                             status, created_at, revision)
        VALUES (p_user_message, p_tenant, p_session, v_parent, p_stream, v_ordinal, 1, p_author, p_parts, 4, p_created,
                v_revision);
        INSERT INTO search_entry (tenant_id, session_id, message_id, tokens)
        VALUES (p_tenant, p_session, p_user_message, p_tokens || search_scopes(p_tenant, p_session));
    END IF;
    INSERT INTO message (message_id, tenant_id, session_id, parent_id, stream_id, ordinal, role, author, parts, status,
                         created_at, revision)
    VALUES (p_message, p_tenant, p_session, p_user_message, p_stream, v_ordinal + 1, 2, p_model, '', v_state, p_created,
            v_revision);
    INSERT INTO stream (stream_id, tenant_id, session_id, user_message_id, message_id, request_key, body_hash, model,
                        resolved_model, provider, metadata, continues_id, request, epoch, state, created_at)
    VALUES (p_stream, p_tenant, p_session, p_user_message, p_message, p_request_key, p_body_hash, p_model,
            p_resolved_model, p_provider, p_metadata, p_continues, p_request, p_epoch, v_state, p_created);
    RETURN QUERY SELECT CASE WHEN ahead = 0 THEN 0 ELSE 1 END, p_stream, ahead;
END
$$;

-- Tells of an open turn's state on its answer, where lists and watchers see it.
CREATE FUNCTION show_state(p_stream text, p_state integer) RETURNS void LANGUAGE sql AS $$
    WITH touched AS (
        UPDATE session SET revision = session.revision + 1 FROM stream
        WHERE stream.stream_id = p_stream
          AND session.tenant_id = stream.tenant_id AND session.session_id = stream.session_id
        RETURNING session.revision, stream.message_id)
    UPDATE message SET status = p_state, revision = touched.revision FROM touched
    WHERE message.message_id = touched.message_id
$$;

-- The first queued turn of the session runs now, if none else does. NULL: none waits, or one runs. The caller has the
-- session's lock.
CREATE FUNCTION promote_next(p_tenant text, p_session text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_next text;
BEGIN
    SELECT waiting.stream_id INTO v_next
    FROM stream AS waiting JOIN message ON message.message_id = waiting.message_id
    WHERE waiting.tenant_id = p_tenant AND waiting.session_id = p_session
      AND waiting.state IN (1, 2, 3) AND waiting.state = 1
      AND NOT EXISTS (
          SELECT 1 FROM stream AS running
          WHERE running.tenant_id = p_tenant AND running.session_id = p_session AND running.state IN (2, 3))
    ORDER BY message.ordinal LIMIT 1;
    IF v_next IS NOT NULL THEN
        UPDATE stream SET state = 2 WHERE stream_id = v_next;
        PERFORM show_state(v_next, 2);
    END IF;
    RETURN v_next;
END
$$;

-- One turn in each session where turns wait and none runs.
CREATE FUNCTION promote_idle() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    v_idle record;
    v_next text;
BEGIN
    FOR v_idle IN
        SELECT DISTINCT session_key(tenant_id, session_id) AS key, tenant_id, session_id FROM stream AS waiting
        WHERE state IN (1, 2, 3) AND state = 1 AND NOT EXISTS (
            SELECT 1 FROM stream AS running
            WHERE running.tenant_id = waiting.tenant_id AND running.session_id = waiting.session_id
              AND running.state IN (2, 3))
        ORDER BY key
    LOOP
        PERFORM lock_session(v_idle.tenant_id, v_idle.session_id);
        v_next := promote_next(v_idle.tenant_id, v_idle.session_id);
        IF v_next IS NOT NULL THEN
            RETURN NEXT v_next;
        END IF;
    END LOOP;
END
$$;

-- Before several writes at once: whoever else writes some of the same waits here, not in the middle of it.
CREATE FUNCTION lock_turns(p_streams text[], p_changing text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(key)
    FROM (SELECT DISTINCT session_key(tenant_id, session_id) AS key FROM stream
          WHERE stream_id = ANY (p_changing) ORDER BY key) AS sessions;
    PERFORM 1 FROM stream WHERE stream_id = ANY (p_streams) ORDER BY stream_id FOR NO KEY UPDATE;
END
$$;

-- Events of one stream with what goes with them: steps, another state (NULL: as before) or, if p_ended is given, the
-- turn's end. committed is false, and nothing is written, if the stream is not where the write says.
CREATE FUNCTION write_turn(
    p_stream text, p_epoch bigint, p_new_epoch bigint, p_first bigint, p_last bigint, p_body bytea, p_state integer,
    p_ended timestamptz, p_parts bytea, p_tokens integer[], p_reasoning text, p_usage bytea, p_finish integer,
    p_promotes boolean,
    p_steps integer[], p_kinds integer[], p_step_states integer[], p_step_bodies bytea[], p_attempts bytea[],
    p_since timestamptz[], p_documents boolean[])
RETURNS TABLE (committed boolean, promoted text) LANGUAGE plpgsql AS $$
DECLARE
    v_stream stream;
    v_revision bigint;
BEGIN
    committed := false;
    SELECT * INTO v_stream FROM stream WHERE stream_id = p_stream;
    IF p_state IS NOT NULL AND FOUND THEN
        PERFORM lock_session(v_stream.tenant_id, v_stream.session_id);
    END IF;

    UPDATE stream SET last_seq = p_last, epoch = p_new_epoch, state = coalesce(p_state, state), ended_at = p_ended
    WHERE stream_id = p_stream AND epoch = p_epoch AND state IN (1, 2, 3) AND last_seq = p_first - 1;
    IF NOT FOUND THEN
        RETURN NEXT;
        RETURN;
    END IF;

    committed := true;
    INSERT INTO stream_chunk (log_day, stream_id, seq_first, seq_last, epoch, body)
    VALUES (v_stream.log_day, p_stream, p_first, p_last, p_new_epoch, p_body);
    INSERT INTO turn_step (stream_id, step, kind, state, body, attempts, waiting_since, has_document)
    SELECT p_stream, step.*
    FROM unnest(p_steps, p_kinds, p_step_states, p_step_bodies, p_attempts, p_since, p_documents) AS step
    ON CONFLICT (stream_id, step) DO UPDATE
    SET state = excluded.state, body = excluded.body, waiting_since = excluded.waiting_since,
        has_document = excluded.has_document;

    IF p_ended IS NOT NULL THEN
        UPDATE session SET updated_at = greatest(updated_at, p_ended), revision = revision + 1
        WHERE tenant_id = v_stream.tenant_id AND session_id = v_stream.session_id
        RETURNING revision INTO v_revision;
        UPDATE message SET parts = p_parts, reasoning = p_reasoning, status = p_state, usage = p_usage,
                           finish_reason = p_finish, revision = v_revision
        WHERE message_id = v_stream.message_id;

        -- From now on both messages are found; the question was before, if it is answered once more.
        UPDATE search_entry SET number = nextval('search_number')
        WHERE tenant_id = v_stream.tenant_id AND session_id = v_stream.session_id
          AND message_id = v_stream.user_message_id AND number IS NULL;
        INSERT INTO search_entry (tenant_id, session_id, message_id, number, tokens)
        VALUES (v_stream.tenant_id, v_stream.session_id, v_stream.message_id, nextval('search_number'),
                p_tokens || search_scopes(v_stream.tenant_id, v_stream.session_id));
        IF p_promotes THEN
            promoted := promote_next(v_stream.tenant_id, v_stream.session_id);
        END IF;
    ELSIF p_state IS NOT NULL THEN
        PERFORM show_state(p_stream, p_state);
    END IF;
    RETURN NEXT;
END
$$;

-- The outcome is a number of DeleteOutcome.
CREATE FUNCTION delete_session(p_tenant text, p_session text)
RETURNS TABLE (outcome integer, found_id text) LANGUAGE plpgsql AS $$
DECLARE
    v_log record;
BEGIN
    PERFORM lock_session(p_tenant, p_session);
    PERFORM 1 FROM session WHERE tenant_id = p_tenant AND session_id = p_session;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 1, '';
        RETURN;
    END IF;

    SELECT stream.stream_id INTO found_id FROM stream
    WHERE tenant_id = p_tenant AND session_id = p_session AND state IN (1, 2, 3) ORDER BY state = 1 LIMIT 1;
    IF FOUND THEN
        outcome := 2;
        RETURN NEXT;
        RETURN;
    END IF;

    -- One stream after the other: that looks into the partition of its day alone. Logs whose time is over as well: they
    -- are still there until the last one of their day is.
    FOR v_log IN SELECT log_day, stream_id FROM stream
                 WHERE tenant_id = p_tenant AND session_id = p_session
    LOOP
        DELETE FROM stream_chunk WHERE log_day = v_log.log_day AND stream_id = v_log.stream_id;
    END LOOP;
    DELETE FROM turn_step WHERE stream_id IN (
        SELECT stream.stream_id FROM stream WHERE tenant_id = p_tenant AND session_id = p_session);
    DELETE FROM stream WHERE tenant_id = p_tenant AND session_id = p_session;
    DELETE FROM search_entry WHERE tenant_id = p_tenant AND session_id = p_session;
    DELETE FROM message WHERE tenant_id = p_tenant AND session_id = p_session;
    DELETE FROM session WHERE tenant_id = p_tenant AND session_id = p_session;
    RETURN QUERY SELECT 0, '';
END
$$;

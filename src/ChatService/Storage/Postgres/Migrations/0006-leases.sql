-- The incarnations of the service that live, each until the end of its lease. Who is not here is dead, and its turns are
-- anybody's to take over.
CREATE TABLE incarnation (
    id text COLLATE "C" PRIMARY KEY,
    -- Since when its lease has always been renewed in good time, and before it entered that of one beside which it did:
    -- there has been no outage since.
    steady_since timestamptz NOT NULL,
    lease_until timestamptz NOT NULL);

-- With half of the lease left; more than a whole one is left only where the clock was set back.
CREATE FUNCTION in_good_time(p_until timestamptz, p_lease interval) RETURNS boolean LANGUAGE sql AS $$
    SELECT p_until - clock_timestamp() BETWEEN p_lease / 2 AND p_lease
$$;

-- For one that enters. If nobody is in good time there was an outage, and others may come back from it later still.
CREATE FUNCTION steady_since(p_lease interval) RETURNS timestamptz LANGUAGE sql AS $$
    SELECT least(min(steady_since), clock_timestamp()) FROM incarnation WHERE in_good_time(lease_until, p_lease)
$$;

-- False: it has been declared dead. A renewal that comes late begins anew, whoever else is in good time: what made it
-- late may keep others longer.
CREATE FUNCTION renew_lease(p_id text, p_lease interval) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE incarnation SET
        steady_since = CASE WHEN in_good_time(lease_until, p_lease) THEN least(steady_since, clock_timestamp())
                            ELSE clock_timestamp() END,
        lease_until = clock_timestamp() + p_lease
    WHERE id = p_id;
    RETURN FOUND;
END
$$;

-- Declare those dead whose lease is over, if there has been no outage and no restart for a whole lease. Until the end of
-- the transaction nobody else does this and takes over what the dead left: a statement that began before an owner entered
-- does not see that it lives, and would take away what that one has just taken over.
CREATE FUNCTION declare_dead(p_id text, p_lease interval) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(x'43484154'::integer, 3);
    DELETE FROM incarnation
    WHERE lease_until < clock_timestamp() AND pg_postmaster_start_time() < clock_timestamp() - p_lease AND EXISTS (
        SELECT 1 FROM incarnation AS own
        WHERE own.id = p_id AND own.lease_until - clock_timestamp() > p_lease / 2
          AND own.steady_since < clock_timestamp() - p_lease);
END
$$;

-- As before, but an owner lets its own turns run alone: another one's may be dead, and then its turn has to wait until it
-- is taken over.
CREATE FUNCTION promote_next(p_tenant text, p_session text, p_owner text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_next text;
    v_owner text;
BEGIN
    SELECT waiting.stream_id, waiting.owner INTO v_next, v_owner
    FROM stream AS waiting JOIN message ON message.message_id = waiting.message_id
    WHERE waiting.tenant_id = p_tenant AND waiting.session_id = p_session
      AND waiting.state IN (1, 2, 3) AND waiting.state = 1
      AND NOT EXISTS (
          SELECT 1 FROM stream AS running
          WHERE running.tenant_id = p_tenant AND running.session_id = p_session AND running.state IN (2, 3))
    ORDER BY message.ordinal LIMIT 1;
    -- What somebody wants ended (0007 makes the table) does not begin any more: it waits for its owner to end it.
    IF v_next IS NULL OR v_owner <> p_owner
        OR EXISTS (SELECT 1 FROM wish WHERE stream_id = v_next AND kind IN (1, 2)) THEN
        RETURN NULL;
    END IF;
    -- It may have been taken over since it was looked at.
    UPDATE stream SET state = 2 WHERE stream_id = v_next AND owner = p_owner AND state = 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM show_state(v_next, 2);
    RETURN v_next;
END
$$;

-- As before, with the owner for the turn that is next.
CREATE OR REPLACE FUNCTION write_turn(
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
            promoted := promote_next(v_stream.tenant_id, v_stream.session_id, v_stream.owner);
        END IF;
    ELSIF p_state IS NOT NULL THEN
        PERFORM show_state(p_stream, p_state);
    END IF;
    RETURN NEXT;
END
$$;

-- The owner's turns that are the next ones of a session where none runs. A session to which something happens right now
-- is left to the next look: it can take long, and others need not wait for it.
DROP FUNCTION promote_idle();
CREATE FUNCTION promote_idle(p_owner text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_idle record;
BEGIN
    FOR v_idle IN
        SELECT DISTINCT session_key(tenant_id, session_id) AS key, tenant_id, session_id FROM stream AS waiting
        WHERE state IN (1, 2, 3) AND state = 1 AND owner = p_owner AND NOT EXISTS (
            SELECT 1 FROM stream AS running
            WHERE running.tenant_id = waiting.tenant_id AND running.session_id = waiting.session_id
              AND running.state IN (2, 3))
        ORDER BY key
    LOOP
        IF pg_try_advisory_xact_lock(v_idle.key) THEN
            PERFORM promote_next(v_idle.tenant_id, v_idle.session_id, p_owner);
        END IF;
    END LOOP;
END
$$;

-- Turns that their owner has given away while a commit let them run, that did not know of this: nothing of them has begun,
-- and they wait on as nobody's.
CREATE FUNCTION release_unrun(p_streams text[], p_owner text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_unrun record;
BEGIN
    FOR v_unrun IN
        SELECT session_key(tenant_id, session_id) AS key, tenant_id, session_id, stream_id FROM stream
        WHERE stream_id = ANY (p_streams) AND owner = p_owner AND state = 2 AND last_seq = 0
        ORDER BY key
    LOOP
        PERFORM lock_session(v_unrun.tenant_id, v_unrun.session_id);
        UPDATE stream SET state = 1, owner = ''
        WHERE stream_id = v_unrun.stream_id AND owner = p_owner AND state = 2 AND last_seq = 0;
        IF FOUND THEN
            PERFORM show_state(v_unrun.stream_id, 1);
        END IF;
    END LOOP;
END
$$;

DROP FUNCTION promote_next(text, text);

REVOKE EXECUTE ON FUNCTION
    in_good_time, steady_since, renew_lease, declare_dead, promote_next, promote_idle, release_unrun FROM PUBLIC;

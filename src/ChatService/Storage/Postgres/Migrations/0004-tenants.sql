-- The second line behind the tenant that every query for a request names: such queries run as a role that sees and
-- writes rows of the tenant in chatgrpc.tenant alone, and has no more rights than they need. The role is made before.

GRANT USAGE ON SCHEMA chatgrpc TO chatgrpc_request;
GRANT SELECT, INSERT, DELETE ON session, message, stream TO chatgrpc_request;
GRANT UPDATE (title, head_id, updated_at, revision) ON session TO chatgrpc_request;
GRANT SELECT, INSERT, DELETE ON turn_step TO chatgrpc_request;
GRANT SELECT, INSERT, DELETE, UPDATE (number, tokens) ON search_entry TO chatgrpc_request;
GRANT USAGE ON SEQUENCE search_number TO chatgrpc_request;
GRANT SELECT, DELETE ON stream_chunk TO chatgrpc_request;

-- Functions that a later step makes need the same; a test holds all of them to it.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA chatgrpc FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    session_key, lock_session, search_scopes, open_turn, select_branch, rename_session, delete_session, import_session,
    import_messages, search_numbers
    TO chatgrpc_request;

ALTER TABLE session ENABLE ROW LEVEL SECURITY;
ALTER TABLE message ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream ENABLE ROW LEVEL SECURITY;
ALTER TABLE search_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE turn_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream_chunk ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON session TO chatgrpc_request
    USING (tenant_id = current_setting('chatgrpc.tenant', true));
CREATE POLICY own ON message TO chatgrpc_request
    USING (tenant_id = current_setting('chatgrpc.tenant', true));
CREATE POLICY own ON search_entry TO chatgrpc_request
    USING (tenant_id = current_setting('chatgrpc.tenant', true));
CREATE POLICY own ON stream TO chatgrpc_request
    USING (tenant_id = current_setting('chatgrpc.tenant', true));

-- Of the streams there, the policy above leaves the tenant's.
CREATE POLICY own ON turn_step TO chatgrpc_request
    USING (EXISTS (SELECT 1 FROM stream WHERE stream.stream_id = turn_step.stream_id));
CREATE POLICY own ON stream_chunk TO chatgrpc_request
    USING (EXISTS (SELECT 1 FROM stream WHERE stream.stream_id = stream_chunk.stream_id));

-- Run by the image of PostgreSQL when the volume is empty, as the superuser postgres. Creates the database and its owner,
-- which is not a superuser, and revokes the privileges that only a superuser can revoke (docs/decisions/0008). The
-- gateway revokes the others at its start.
\getenv password POSTGRES_PASSWORD

CREATE ROLE tessera LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE tessera OWNER tessera;
REVOKE CONNECT ON DATABASE tessera, postgres, template1 FROM PUBLIC;

\connect tessera

DO $block$
DECLARE
  closed regprocedure;
BEGIN
  FOR closed IN SELECT oid FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
      AND (proname IN ('set_config', 'pg_notify', 'pg_cancel_backend', 'pg_terminate_backend', 'pg_export_snapshot',
        'pg_logical_emit_message', 'query_to_xml', 'query_to_xmlschema', 'query_to_xml_and_xmlschema')
        OR proname ~ '^(pg_(try_)?advisory_|pg_sleep|lo_|lowrite$|loread$)')
      AND has_function_privilege('public', oid, 'EXECUTE')
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', closed);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO tessera', closed);
  END LOOP;
END
$block$;

REVOKE TEMPORARY ON DATABASE tessera FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- From now on, the superuser can connect only inside the container, where the socket needs no password.
ALTER ROLE CURRENT_USER PASSWORD NULL;

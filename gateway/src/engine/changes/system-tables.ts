import { commaList, ident, literal, renderStandalone, sql, type Sql } from '../sql/sql.ts';
import { systemNames } from './system-names.ts';
import { changeLogSet } from './system-set.ts';
import type { ChangeMarker } from './change-marker.ts';
import { createTriggerFunctions, nextNumber } from './trigger-function.ts';

interface Project {
  readonly schema: string;
  readonly role: string;
}

/**
 * Creates the change log of a project. The project's role gets no access to it, except that it can execute the function
 * that returns the current end of the log.
 */
export function createChangeLog({ schema, role }: Project): readonly Sql[] {
  const on = (name: string) => ident(schema, name);
  const cursor = sql`${on(systemNames.cursorFunction)}()`;
  return [
    sql`CREATE TABLE IF NOT EXISTS ${on(systemNames.versions)} (name text PRIMARY KEY, version int NOT NULL)`,
    sql`CREATE SEQUENCE ${on(systemNames.sequence)} CACHE 1`,
    sql`CREATE TABLE ${on(systemNames.changes)} (xid xid8 NOT NULL, seq bigint NOT NULL, source text NOT NULL, operation "char" NOT NULL, key jsonb, changed text[], old jsonb, new jsonb, left_out text[], PRIMARY KEY (xid, seq))`,
    sql`CREATE INDEX ${ident(systemNames.markers)} ON ${on(systemNames.changes)} (xid) WHERE operation = 'M'`,
    sql`CREATE TABLE ${on(systemNames.commits)} (pos bigint PRIMARY KEY, xid xid8 NOT NULL UNIQUE, at timestamptz NOT NULL, last_seq bigint NOT NULL, bytes bigint NOT NULL)`,
    // The row is updated whenever the log is read. Free space lets PostgreSQL do it without touching the index.
    sql`CREATE TABLE ${on(systemNames.log)} (one boolean PRIMARY KEY DEFAULT true CHECK (one), epoch uuid NOT NULL, cluster text NOT NULL, snapshot pg_snapshot NOT NULL, last_pos bigint NOT NULL, trimmed_pos bigint NOT NULL, bytes bigint NOT NULL) WITH (fillfactor = 20)`,
    ...createTriggerFunctions(schema),
    createClusterFunction(schema),
    createCursorFunction(schema),
    sql`INSERT INTO ${on(systemNames.log)} (epoch, cluster, snapshot, last_pos, trimmed_pos, bytes) VALUES (gen_random_uuid(), ${on(systemNames.clusterFunction)}(), pg_current_snapshot(), 0, 0, 0)`,
    sql`INSERT INTO ${on(systemNames.versions)} (name, version) VALUES (${literal(changeLogSet.name)}, ${literal(changeLogSet.version)})`,
    sql`REVOKE ALL ON FUNCTION ${commaList(functions.map(on))} FROM PUBLIC`,
    sql`GRANT EXECUTE ON FUNCTION ${cursor} TO ${ident(role)}`,
  ];
}

export function dropChangeLog({ schema }: Pick<Project, 'schema'>): readonly Sql[] {
  const on = (name: string) => ident(schema, name);
  const { changes, commits, log } = systemNames;
  return [
    sql`DROP TABLE ${commaList([changes, commits, log].map(on))}`,
    sql`DROP SEQUENCE ${on(systemNames.sequence)}`,
    sql`DROP FUNCTION ${commaList(functions.map(on))}`,
    sql`DELETE FROM ${on(systemNames.versions)} WHERE name = ${literal(changeLogSet.name)}`,
  ];
}

const functions = [
  systemNames.logFunction,
  systemNames.keyFunction,
  systemNames.changedFunction,
  systemNames.shortFunction,
  systemNames.longFunction,
  systemNames.clusterFunction,
  systemNames.cursorFunction,
] as const;

/**
 * Identifies the log's place: the cluster and its timeline, the database and the table. A restored or cloned log, and
 * one on a promoted standby, has another place. The functions about the cluster can be closed to the gateway's role.
 */
function createClusterFunction(schema: string): Sql {
  const changes = literal(renderStandalone(ident(schema, systemNames.changes)));
  return sql`CREATE OR REPLACE FUNCTION ${ident(schema, systemNames.clusterFunction)}() RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  place text := (SELECT oid::text FROM pg_database WHERE datname = current_database()) || ' ' || to_regclass(${changes})::oid;
BEGIN
  IF has_function_privilege('pg_control_system()', 'EXECUTE') THEN
    place := (SELECT system_identifier::text FROM pg_control_system()) || ' ' || place;
  END IF;
  IF has_function_privilege('pg_current_wal_lsn()', 'EXECUTE') AND has_function_privilege('pg_walfile_name(pg_lsn)', 'EXECUTE') THEN
    place := left(pg_walfile_name(pg_current_wal_lsn()), 8) || ' ' || place;
  END IF;
  RETURN place;
END
$function$`;
}

/** The text of a cursor after all transactions of the log that the snapshot has: see `cursor.ts` of the data plane. */
function createCursorFunction(schema: string): Sql {
  return sql`CREATE OR REPLACE FUNCTION ${ident(schema, systemNames.cursorFunction)}() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
  SELECT translate(encode(decode(replace(epoch::text, '-', '') || lpad(to_hex(last_pos), 16, '0') || '7fffffffffffffff', 'hex'), 'base64'), '+/=', '-_')
  FROM ${ident(schema, systemNames.log)}
$function$`;
}

const triggers = [
  { name: '$changes_insert', event: sql`INSERT`, rows: sql` REFERENCING NEW TABLE AS "$new"` },
  {
    name: '$changes_update',
    event: sql`UPDATE`,
    rows: sql` REFERENCING OLD TABLE AS "$old" NEW TABLE AS "$new"`,
  },
  { name: '$changes_delete', event: sql`DELETE`, rows: sql` REFERENCING OLD TABLE AS "$old"` },
  { name: '$changes_truncate', event: sql`TRUNCATE`, rows: sql`` },
] as const;

/** Logs the changes of a table. The triggers also fire with `session_replication_role = replica`. */
export function logTable(schema: string, table: string, key: readonly string[]): readonly Sql[] {
  const columns = commaList(key.map((column) => literal(column)));
  const call = sql`${ident(schema, systemNames.logFunction)}(${columns})`;
  const on = ident(schema, table);
  return [
    ...triggers.map(
      ({ name, event, rows }) =>
        sql`CREATE TRIGGER ${ident(name)} AFTER ${event} ON ${on}${rows} FOR EACH STATEMENT EXECUTE FUNCTION ${call}`,
    ),
    ...triggers.map(({ name }) => sql`ALTER TABLE ${on} ENABLE ALWAYS TRIGGER ${ident(name)}`),
  ];
}

export function unlogTable(schema: string, table: string): readonly Sql[] {
  return triggers.map(({ name }) => sql`DROP TRIGGER ${ident(name)} ON ${ident(schema, table)}`);
}

/**
 * Begins an apply, in its transaction and after it has locked the tables: from now on, the triggers log nothing. The
 * marker comes after all changes of the current tables in the log, because it has a higher number.
 */
export function markApply(schema: string, marker: ChangeMarker): readonly Sql[] {
  return [
    sql`SET LOCAL ${settingName} = 'on'`,
    sql`INSERT INTO ${ident(schema, systemNames.changes)} (xid, seq, source, operation, new) VALUES (pg_current_xact_id(), ${nextNumber(schema)}, '', 'M', ${literal(JSON.stringify(marker))})`,
  ];
}

const settingName = ident('tessera', 'apply');

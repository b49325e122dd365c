import { literal, sql, type Sql } from '../../sql/sql.ts';

/** 32 random bytes. `gen_random_uuid` is a strong source of randomness, and 6 bits of its 128 are fixed. */
const randomBytes = sql`sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))`;

const randomText = (from: string, to: string, length: number) =>
  sql`substr(translate(encode(${randomBytes}, 'base64'), ${literal(from)}, ${literal(to)}), 1, ${literal(length)})`;

/** Expressions that have a new value for each row. PostgreSQL does not allow subqueries in them. */
export const generators: Readonly<Record<'UUID' | 'CUID' | 'NANOID', (type: Sql) => Sql>> = {
  UUID: (type) => sql`gen_random_uuid()::${type}`,
  // A letter and 23 letters or digits, as CUID2 has by default.
  CUID: () =>
    sql`chr(97 + get_byte(uuid_send(gen_random_uuid()), 0) % 26) || lower(${randomText('+/=', 'xy', 23)})`,
  NANOID: () => randomText('+/=', '-_', 21),
};

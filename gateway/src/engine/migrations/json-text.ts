import { requestLimits } from '../limits.ts';
import { literal, sql, type Sql } from '../sql/sql.ts';

/** Stands for a string. JSON cannot contain this character. */
const string = sql`chr(1)`;
/** Stands for another value. */
const value = sql`chr(2)`;

/** Characters that JSON cannot contain, except in escapes (RFC 8259, section 7). */
const control = '[\\u0001-\\u0008\\u000b\\u000c\\u000e-\\u001f]';

/** jsonb stores neither NUL nor unpaired surrogates. */
const escape =
  '\\\\(?:["\\\\/bfnrt]|u(?!0000)(?![dD][89a-fA-F])[0-9a-fA-F]{4}|u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2})';
const strings = `"(?:[^"\\\\\\u0001-\\u001f]|${escape})*"`;

/** The lengths are less than `limits.jsonNumberLength` and the range of a 64-bit float. */
const number = '-?(?:0|[1-9][0-9]{0,99})(?:\\.[0-9]{1,100})?(?:[eE][+-]?[0-9]{1,2})?(?![0-9.eE+-])';
const others = `true|false|null|${number}`;

const values = '[\\u0001\\u0002]';
const member = `\\u0001:${values}`;
const innermost = `\\[(?:${values}(?:,${values})*)?\\]|\\{(?:${member}(?:,${member})*)?\\}`;

/**
 * Whether a text is JSON that jsonb can store. The expression raises no errors. PostgreSQL 15 has no function for this,
 * so strings and other simple values are replaced by one character each, then the innermost lists and objects, level
 * by level. JSON is a single value in the end.
 */
export function isJsonText(text: Sql): Sql {
  const withoutStrings = sql`regexp_replace(${text}, ${literal(strings)}, ${string}, 'g')`;
  const simple = sql`regexp_replace(${withoutStrings}, ${literal(others)}, ${value}, 'g')`;
  const start = sql`regexp_replace(${simple}, '[ \\t\\n\\r]+', '', 'g')`;
  const next = sql`regexp_replace(rest, ${literal(innermost)}, ${value}, 'g')`;
  const levels = sql`WITH RECURSIVE level (rest, depth) AS (SELECT ${start}, 0 UNION ALL SELECT ${next}, depth + 1 FROM level WHERE depth < ${literal(requestLimits.jsonDepth)} AND rest ~ ${literal(innermost)})`;
  const last = sql`(${levels} SELECT rest FROM level ORDER BY depth DESC LIMIT 1)`;
  return sql`${text} !~ ${literal(control)} AND ${last} IN (${string}, ${value})`;
}

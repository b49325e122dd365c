import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { readModel, withProject } from '../../../test/engine/project.ts';
import { catalogOf, introspect } from '../../../test/catalog/catalog.ts';
import { createDdl } from '../../engine/migrations/steps/ddl.ts';
import { createProjectSchema } from './project-schema.ts';
import { projectNames } from '../../engine/migrations/project-names.ts';
import {
  projectSequence,
  renderStandalone,
  renderTemplate,
  sql,
  textOf,
} from '../../engine/sql/sql.ts';
import type { Column, Table } from '../../engine/migrations/tables/table.ts';

const database = useTestDatabase();

/** Names that are keywords in SQL, identifiers in generated SQL, or special in JavaScript. */
const names = [
  'select',
  'from',
  'table',
  'user',
  'order',
  'group',
  'column',
  'default',
  'null',
  'true',
  'check',
  'primary',
  'constraint',
  'limit',
  'offset',
  'window',
  'values',
  'role',
  'public',
  'current_user',
  'foreseen',
  'same',
  'copies',
  'count',
  'target',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  '_',
  '_1',
  'x'.repeat(48),
  'aB'.repeat(24),
  `${'aB'.repeat(23)}aC`,
];

const taken = new Set(['and', 'or', 'not', 'constructor', 'hasOwnProperty', 'toString']);

describe('names in an SDL', () => {
  it('can be used for tables, columns, enum values and keys, and can be migrated', async () => {
    const usable = names.filter((name) => !taken.has(name));
    const values = usable.filter((name) => !['true', 'false', 'null'].includes(name));
    const type = (name: string, index: number) => `
      type ${name} @model(plural: "many${index}") @unique(fields: ["one", "${name === 'one' ? 'two' : name}"]) {
        id: ID! @id
        one: Int
        ${usable.map((field) => `${field}: String`).join(' ')}
        e: E @default(value: ${values[index % values.length] ?? ''})
        owner: holder @relation(name: "r${index}")
      }`;
    const holder = `type holder @model { id: ID! @id ${usable.map((_, index) => `l${index}: [${usable[index] ?? ''}!]! @relation(name: "r${index}")`).join(' ')} }`;
    const sdl = (suffix: string) =>
      `enum E { ${values.join(' ')}${suffix} } ${usable.map(type).join('\n')} ${holder}`;
    await withProject(database.pool, async (project) => {
      await project.apply(sdl(''));
      expect(await introspect(project.client, project.names)).toEqual(
        catalogOf(readModel(sdl(''))),
      );
      await project.apply(sdl(' MORE'));
      const narrower = sdl('').replaceAll(
        /\b(select|foreseen|same|copies|count|target|_1): String/g,
        '$1: Int! @unique',
      );
      const hazards = await project.hazards(narrower);
      expect(Object.values(hazards).every((told) => told.endsWith(' 0'))).toBe(true);
      await project.apply(narrower);
      expect(await introspect(project.client, project.names)).toEqual(
        catalogOf(readModel(narrower)),
      );
    });
  });

  it('can be used in keys of several fields, foreign keys and sequences. Relations can have any name', async () => {
    const usable = names.filter((name) => !taken.has(name));
    const type = (name: string, index: number) => `
      type ${name} @model(plural: "many${index}") @id(fields: ["part", "${name}"]) {
        ${name}: String!
        part: owner! @relation(name: "r${index}'; --", key: "${usable[index - 1] ?? 'last'}")
        whole: holder @relation(name: "w${index}", key: ["${name}2", "part2"])
      }`;
    const sdl = `
      type owner @model { ${usable[0] ?? ''}: Int! @id
        ${usable.map((name, index) => `l${index}: [${name}!]! @relation(name: "r${index}'; --")`).join(' ')} }
      type holder @model @id(fields: ["select", "from"]) { select: Int! from: BigInt!
        ${usable.map((name, index) => `l${index}: [${name}!]! @relation(name: "w${index}")`).join(' ')} }
      ${usable.map(type).join('')}`;
    await withProject(database.pool, async (project) => {
      await project.apply(sdl);
      expect(await introspect(project.client, project.names)).toEqual(catalogOf(readModel(sdl)));
      const numbered = sdl.replace('select: Int!', 'select: BigInt!');
      await project.apply(numbered);
      expect(await introspect(project.client, project.names)).toEqual(
        catalogOf(readModel(numbered)),
      );
    });
  });

  it('are rejected if they are not GraphQL names', () => {
    for (const attack of ['"', "'", '--', '\0', 'a"b', 'größe', 'a;b', '$1', 'a:b']) {
      for (const sdl of [
        `type ${attack}x @model { id: ID! @id }`,
        `type A @model { id: ID! @id x${attack}: Int }`,
        `enum E { x${attack} }`,
        `type A @model(plural: "x${attack}") { id: ID! @id }`,
        `type A @model @rename(from: "x${attack}") { id: ID! @id }`,
        `type A @model @unique(fields: ["x${attack}"]) { id: ID! @id }`,
        `type A @model @index(fields: ["x${attack}"]) { id: ID! @id }`,
        `type A @model @id(fields: ["x${attack}"]) { x: Int! }`,
        `type A @model { id: ID! @id a: A @relation(key: "x${attack}") }`,
        `type A @model { id: ID! @id a: A @relation(references: ["x${attack}"]) }`,
      ]) {
        expect(() => readModel(sdl), sdl).toThrow();
      }
    }
  });
});

describe('names that bypass the SDL reader are quoted correctly', () => {
  const attacks = [
    '"',
    "'",
    '--',
    'a"; DROP SCHEMA tessera CASCADE; --',
    '$1',
    '/*',
    'größe',
    '🦉',
    'ü'.repeat(31),
    '\\',
    "E'",
    ';',
  ];

  it.each(attacks)('%s', async (attack) => {
    await withProject(database.pool, async (project) => {
      const ddl = createDdl(project.names);
      const column = (name: string): Column => ({
        name,
        origin: name,
        partLabel: null,
        sequence: null,
        type: 'text',
        list: false,
        notNull: false,
        default: { kind: 'VALUE', value: attack },
        fills: [],
      });
      const table: Table = {
        name: attack,
        label: attack,
        kind: 'TYPE',
        columns: [
          column(attack),
          column('other'),
          { ...column('number'), type: 'integer', default: null, sequence: `${attack}s` },
        ],
        keys: [{ kind: 'INDEX', name: `${attack}i`, columns: [attack] }],
        checks: [
          { name: `${attack}c`, column: attack, rule: { kind: 'ONE_OF', values: [attack] } },
          {
            name: `${attack}p`,
            column: attack,
            rule: { kind: 'PATTERN', pattern: `^[^x]*$`, format: null },
          },
        ],
        foreignKeys: [],
      };
      for (const statement of ddl.createTable(table)) {
        await project.query(renderStandalone(statement));
      }
      await project.query(renderStandalone(ddl.renameTable({ from: attack, to: `${attack}2` })));
      const { tables, strangers } = await introspect(project.client, project.names);
      expect(strangers).toEqual([]);
      expect(tables.map(({ name }) => name)).toEqual([`${attack}2`]);
      expect(tables[0]?.columns.map(({ name }) => name).sort()).toEqual(
        [attack, 'other', 'number'].sort(),
      );
      const draw = renderTemplate(sql`SELECT nextval(${projectSequence(`${attack}s`)})::int AS n`);
      const drawn = textOf(draw, project.names.schema);
      expect(await project.query(drawn)).toEqual([{ n: 1 }]);
      await project.query(`SET ROLE "${project.names.role}"`);
      expect(await project.query(drawn)).toEqual([{ n: 2 }]);
      await project.query('RESET ROLE');
      const [row] = await project
        .query(renderStandalone(ddl.renameTable({ from: `${attack}2`, to: 'plain' })))
        .then(() => project.query('INSERT INTO plain DEFAULT VALUES RETURNING other'));
      expect(row).toEqual({ other: attack });
    });
  });

  it.each(['A', '', 'p_x', 'abcdefgh0123456', 'abcdefgh0123456";', 'ABCDEFGH01234567'])(
    'rejects the ref %j',
    (ref) => {
      expect(() => projectNames(ref)).toThrow();
    },
  );

  it('quotes the names of schemas and roles', async () => {
    const names = { ref: 'x', schema: 'p_"; --', role: 'r_"; --' };
    const client = await database.pool.connect();
    try {
      await client.query('BEGIN');
      await createProjectSchema(client, names);
      const { rows } = await client.query('SELECT nspname FROM pg_namespace WHERE nspname = $1', [
        names.schema,
      ]);
      expect(rows).toHaveLength(1);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { indexModel } from '../api/model-index.ts';
import { tablesOf } from '../migrations/tables/tables-of.ts';
import { constraintIndex } from './constraint-index.ts';

const sdl = readFileSync(join(import.meta.dirname, 'cases/schema.graphql'), 'utf8');
const index = indexModel(readModel(sdl));
const { constraint, field } = constraintIndex(index);

describe('constraintIndex', () => {
  it('contains every table constraint with its API names', () => {
    const meanings = tablesOf(index.model).flatMap((table) =>
      [
        // Inserts skip existing pairs, so join table keys cannot be violated.
        ...(table.kind === 'TYPE' ? table.keys : []),
        ...table.checks,
        ...table.foreignKeys,
      ].map(({ name }) => constraint(name)),
    );
    expect(meanings).not.toContain(null);
    const names = meanings.flatMap((each) => {
      if (each === null) return [];
      if (each.kind !== 'FOREIGN_KEY') return each.fields.map((name) => `${each.type}.${name}`);
      return [each.owningSide, each.inverseSide].map((side) => `${side.type}.${side.field ?? ''}`);
    });
    for (const name of names) {
      const [typeName = '', fieldName = ''] = name.split('.');
      const type = index.type(typeName);
      expect(index.field(type, fieldName) ?? index.column(type, fieldName), name).not.toBeNull();
    }
  });

  it.each([
    [
      'issue:board_id:number:unique',
      { kind: 'UNIQUE', type: 'Issue', fields: ['boardId', 'number'] },
    ],
    ['issue:title:max_length', { kind: 'CHECK', type: 'Issue', fields: ['title'] }],
    [
      'issue:assignee_id:fkey',
      {
        kind: 'FOREIGN_KEY',
        relation: 'Issue.assignee',
        owningSide: { type: 'Issue', field: 'assigneeId' },
        inverseSide: { type: 'User', field: 'assigned' },
      },
    ],
    [
      'issue:labels:join:label_id:fkey',
      {
        kind: 'FOREIGN_KEY',
        relation: 'Issue.labels',
        owningSide: { type: 'Issue', field: 'labels' },
        inverseSide: { type: 'Label', field: 'issues' },
      },
    ],
  ])('finds the meaning of %s', (name, meaning) => {
    expect(constraint(name)).toMatchObject(meaning);
  });

  it('finds the field of a column and returns null for other names', () => {
    expect(field('issue', 'board_id')).toBe('boardId');
    expect([field('issue', 'x'), field('x', 'id'), constraint('x')]).toEqual([null, null, null]);
  });

  it('is created only once per model', () => {
    expect(constraintIndex(index)).toBe(constraintIndex(index));
  });
});

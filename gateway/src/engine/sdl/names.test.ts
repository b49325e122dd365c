import { describe, expect, it } from 'vitest';
import { apiNamesOf } from './api-names.ts';
import { camelCase, databaseName, generatedName, snakeCase } from './names.ts';

describe('snakeCase', () => {
  it.each([
    ['issue', 'issue'],
    ['createdAt', 'created_at'],
    ['HTTPServer', 'http_server'],
    ['userID', 'user_id'],
    ['userIDs', 'user_ids'],
    ['IDsOfUsers', 'ids_of_users'],
    ['oauth2Token', 'oauth2_token'],
    ['v2Beta1', 'v2_beta1'],
    ['aBC', 'a_bc'],
    ['already_snake', 'already_snake'],
    ['_x', '_x'],
    ['SELECT', 'select'],
  ])('%s → %s', (name, expected) => {
    expect(snakeCase(name)).toBe(expected);
  });
});

describe('camelCase', () => {
  it.each([
    ['Issue', 'issue'],
    ['HTTPServer', 'httpServer'],
    ['URL', 'url'],
    ['URLs', 'urls'],
    ['People', 'people'],
    ['A', 'a'],
    ['ABTest', 'abTest'],
    ['lower', 'lower'],
    ['_Hidden', '_hidden'],
  ])('%s → %s', (name, expected) => {
    expect(camelCase(name)).toBe(expected);
  });
});

describe('database names', () => {
  it('are shortened to 63 bytes and stay distinct if they have the same prefix', () => {
    const long = 'aB'.repeat(24);
    const names = [databaseName(`${long}c`), databaseName(`${long}d`)];
    expect(names.map((name) => name.length)).toEqual([63, 63]);
    expect(new Set(names).size).toBe(2);
    expect(databaseName(`${long}c`)).toBe(names[0]);
  });

  it('consist of parts joined by colons if they are generated', () => {
    expect(generatedName('issue', 'board_id', 'number', 'unique')).toBe(
      'issue:board_id:number:unique',
    );
  });
});

describe('apiNamesOf', () => {
  it.each([
    ['Issue', null, { one: 'issue', many: 'issues', pluralType: 'Issues' }],
    ['Person', null, { one: 'person', many: 'people', pluralType: 'People' }],
    [
      'OrderCategory',
      null,
      { one: 'orderCategory', many: 'orderCategories', pluralType: 'OrderCategories' },
    ],
    ['Sheep', 'flock', { one: 'sheep', many: 'flock', pluralType: 'Flock' }],
  ])('%s with plural %s', (type, plural, expected) => {
    expect(apiNamesOf(type, plural)).toEqual(expected);
  });
});

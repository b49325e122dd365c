import { readFileSync } from 'node:fs';
import { beforeEach } from 'vitest';
import type { Subject } from '../../src/engine/rules/subject.ts';
import type { TestDatabase } from '../database.ts';
import { useMutations } from './mutations.ts';

/** Ids that the tests of access rules use. */
export const id = (number: number) => `a0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const [ann, bob, cyd] = [id(1), id(2), id(3)];

/** A caller that is signed in as the user with this id. */
export const signedIn = (
  value: string,
  claims: Readonly<Record<string, unknown>> = {},
): Subject => ({
  audience: 'USER',
  user: { field: 'id', value },
  claims,
  verifiedEmail: null,
});

export const signedOut: Subject = {
  audience: 'PUBLIC',
  user: null,
  claims: {},
  verifiedEmail: null,
};

/** The data in an answer, or the error that a client sees. */
export type Outcome = unknown;

/**
 * A project with the schema of `examples/boards.graphql` and these rows before each test: Ann owns board 10, of which
 * Bob is a member and to which Cyd is invited. Cyd owns board 11, without members. Posts 20 (published) and 21 are Ann's,
 * 22 is Bob's, and 23 is Ann's and locked. Tags 30 is open, 31 is not. Badges: 40 (red) is Bob's, 41 (blue) is Cyd's,
 * 42 (gold) and 43 (red) have no holder.
 */
export function useBoards(database: TestDatabase) {
  const sdl = readFileSync(new URL('../examples/boards.graphql', import.meta.url), 'utf8');
  const project = useMutations(database, sdl);
  beforeEach(async () => {
    await project().clear();
    await project().sql(`
      INSERT INTO "user" (id, name, level, email) VALUES ('${ann}', 'Ann', 0, 'ann@example.com'),
        ('${bob}', 'Bob', 0, 'bob@example.com'), ('${cyd}', 'Cyd', 5, 'cyd@example.com');
      INSERT INTO board (id, name, owner_id) VALUES ('${id(10)}', 'A', '${ann}'), ('${id(11)}', 'C', '${cyd}');
      INSERT INTO membership (id, board_id, user_id) VALUES ('${id(15)}', '${id(10)}', '${bob}');
      INSERT INTO invitation (id, board_id, user_id) VALUES ('${id(16)}', '${id(10)}', '${cyd}');
      INSERT INTO post (id, title, author_id, published, locked) VALUES
        ('${id(20)}', 'p', '${ann}', true, false), ('${id(21)}', 'q', '${ann}', false, false),
        ('${id(22)}', 'r', '${bob}', false, false), ('${id(23)}', 's', '${ann}', false, true);
      INSERT INTO tag (id, name, open, code) VALUES ('${id(30)}', 'open', true, 'o'), ('${id(31)}', 'closed', false, 'c');
      INSERT INTO badge (id, color, holder_id) VALUES ('${id(40)}', 'red', '${bob}'), ('${id(41)}', 'blue', '${cyd}'),
        ('${id(42)}', 'gold', NULL), ('${id(43)}', 'red', NULL);`);
    project().runner.statements.length = 0;
  });
  return {
    project,
    sql: (text: string) => project().sql(text),
    /** Runs the root fields of a mutation as a caller. */
    run: async (caller: Subject, fields: string): Promise<Outcome> => {
      try {
        return await project().mutate(`mutation { ${fields} }`, {}, { as: caller });
      } catch (error) {
        if (!(error instanceof Error && error.name === 'OperationError')) throw error;
        const { code, path, issues } = error as unknown as Record<string, unknown>;
        return { code, path, ...(issues === undefined ? {} : { issues }) };
      }
    },
    /** Runs the root fields as an API without rules. */
    serve: (fields: string) => project().mutate(`mutation { ${fields} }`),
  };
}

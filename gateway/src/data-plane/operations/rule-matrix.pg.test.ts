import { readFileSync } from 'node:fs';
import { GraphQLError, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../test/database.ts';
import {
  everything,
  useOperations,
  type ServedProject,
} from '../../../test/engine/operations-kit.ts';
import { asksOf, type Ask, type KnownRows } from '../../../test/project-asks.ts';
import { walkSchema } from '../../../test/schema-walk.ts';
import { buildApi, profileOf, type Subject } from '../../engine/runtime.ts';
import { ClientError } from '../../platform/errors/client-error.ts';
import { projectSchema } from '../projects/project-schema.ts';

const kit = useOperations(useTestDatabase());
const sdl = readFileSync(
  new URL('../../../test/examples/workspace.graphql', import.meta.url),
  'utf8',
);
const model = projectSchema(sdl).model();
const serverSchema = buildApi(model, everything).schema;

const id = (number: number): string =>
  `0190a8a0-0000-7000-8000-${String(number).padStart(12, '0')}`;
const [own, other] = [1, 2];

const subject = (audience: Subject['audience'], claims: Subject['claims'] = {}): Subject => ({
  audience,
  user: audience === 'PUBLIC' ? null : { field: 'id', value: id(own) },
  claims,
  verifiedEmail: null,
});

/** The callers, and the types of which each of them may read and change rows of others. */
const callers: Readonly<Record<string, { readonly as: Subject; readonly may: readonly string[] }>> =
  {
    PUBLIC: { as: subject('PUBLIC'), may: [] },
    GUEST: { as: subject('GUEST'), may: [] },
    USER: { as: subject('USER'), may: [] },
    'USER who moderates': { as: subject('USER', { role: 'MODERATOR' }), may: ['Post'] },
    'USER who administrates': { as: subject('USER', { role: 'ADMIN' }), may: ['Post', 'User'] },
  };

/** The rows of a user. Each text contains `secret <type>` and the number, which no input contains. */
const create = (of: number) => {
  const text = (type: string) => `secret ${type} ${of}`;
  return {
    query: `mutation ($user: UserCreateInput!, $board: BoardCreateInput!, $post: PostCreateInput!, $message: MessageCreateInput!, $job: JobCreateInput!) {
      createUser(data: $user) { id }
      createBoard(data: $board) { id }
      createPost(data: $post) { id }
      createMessage(data: $message) { id }
      createJob(data: $job) { id }
    }`,
    variables: {
      user: {
        id: id(of),
        name: text('User'),
        email: `${of}@secret-email.example`,
        notes: text('notes'),
        team: { create: { id: id(of + 10), name: 'Team' } },
      },
      board: {
        id: id(of + 20),
        name: text('Board'),
        ownerId: id(of),
        members: { create: [{ id: id(of + 30), userId: id(of) }] },
        invitations: { create: [{ id: id(of + 40), userId: id(of) }] },
        cards: {
          create: [
            {
              id: id(of + 50),
              title: text('Card'),
              createdBy: id(of),
              labels: { create: [{ id: id(of + 60), name: `Label ${of}` }] },
            },
          ],
        },
      },
      post: { id: id(of + 70), title: text('Post'), tags: [text('Post')], authorId: id(of) },
      message: { id: id(of + 80), orgId: id(of + 90), text: text('Message'), status: 'DONE' },
      job: { id: id(of + 100), command: text('Job') },
    },
  };
};

const tables = ['user', 'board', 'membership', 'invitation', 'card', 'post', 'message', 'job'];
const typeOf = (table: string) => table.charAt(0).toUpperCase() + table.slice(1);

/** The rows of the other user that a caller may not change. */
async function hiddenRows(project: ServedProject, may: readonly string[]): Promise<unknown> {
  const found = [];
  for (const table of tables.filter((each) => !may.includes(typeOf(each)))) {
    const rows = await project.query(
      `SELECT to_jsonb(t) AS row FROM "${table}" AS t ORDER BY t.id`,
    );
    found.push(
      ...rows.filter(({ row }) => JSON.stringify(row).includes(`secret ${typeOf(table)} ${other}`)),
    );
  }
  const keys = await project.query(`
    SELECT 'member' AS of, id, board_id, user_id FROM membership WHERE id = '${id(other + 30)}'
    UNION ALL SELECT 'invited', id, board_id, user_id FROM invitation WHERE id = '${id(other + 40)}'`);
  return [found, keys];
}

/** The first row of each type of the other user: its keys and its cursor. */
async function rowsOfOther(project: ServedProject, withTexts: boolean): Promise<KnownRows> {
  const known: Record<string, Record<string, unknown>> = {};
  for (const [index, type] of model.types.entries()) {
    const offsets: Readonly<Record<string, number>> = {
      User: 0,
      Team: 10,
      Board: 20,
      Membership: 30,
      Invitation: 40,
      Card: 50,
      Label: 60,
      Post: 70,
      Message: 80,
      Job: 100,
    };
    const key = id(other + (offsets[type.name] ?? index));
    const text = withTexts ? `secret ${type.name} ${other}` : 'probe';
    const columns = type.fields.flatMap((field) =>
      field.kind === 'TO_ONE' && field.key !== null ? field.key.map(({ name }) => name) : [],
    );
    const query = `{ all: ${type.names.many}(where: { id: { eq: "${key}" } }) { edges { cursor node { id ${columns.join(' ')} } } } }`;
    const { data } = await project.ask(query);
    // The query selects these fields.
    const { all } = data as {
      readonly all: {
        readonly edges: readonly {
          readonly cursor: string;
          readonly node: Record<string, unknown>;
        }[];
      };
    };
    const [edge] = all.edges;
    if (edge === undefined) throw new Error(`There is no row of ${type.name}.`);
    const texts = withTexts ? { name: text, title: text, command: text, text } : {};
    known[type.name] = { ...texts, ...edge.node, cursor: edge.cursor, canary: text };
  }
  return known;
}

/** An answer as text, or the code of the error. */
async function answerTo(
  project: ServedProject,
  ask: Pick<Ask, 'query' | 'variables'>,
  as: Subject,
) {
  const codes: string[] = [];
  let text = '';
  const note = (error: unknown) => {
    const isExpected =
      (error instanceof ClientError && error.status < 500) || error instanceof GraphQLError;
    const code: unknown = error instanceof ClientError ? error.code : 'GRAPHQL';
    codes.push(isExpected ? String(code) : `SURPRISE ${String(error)}`);
    text += error instanceof Error ? error.message : '';
  };
  try {
    const { data, errors } = await project.ask(ask.query, {
      variables: ask.variables,
      subject: as,
    });
    text += JSON.stringify(data);
    errors.forEach(note);
  } catch (error) {
    note(error);
  }
  return { codes, text };
}

describe.each(Object.entries(callers))('a caller of the audience %s', (name, { as, may }) => {
  const ownSchema = buildApi(model, { ...everything, rules: profileOf(model, as) }).schema;
  /** Texts of the other user that the caller may not see. */
  const isTold = (text: string) =>
    [...text.matchAll(/secret (\w+) 2|(2@secret-email)/g)].some(
      ([, type = 'email']) => !may.includes(type),
    );

  it('sees and changes nothing of others through any field, argument or input', async () => {
    await kit.serve(sdl, async (project) => {
      for (const of of [own, other]) {
        const { errors } = await project.ask(create(of).query, create(of));
        expect(errors).toEqual([]);
      }
      const queries = asksOf(ownSchema, model, await rowsOfOther(project, true)).filter(
        ({ query }) => query.startsWith('query'),
      );
      const mutations = asksOf(ownSchema, model, await rowsOfOther(project, false)).filter(
        ({ query }) => query.startsWith('mutation'),
      );
      const before = await hiddenRows(project, may);
      const problems: string[] = [];
      const seen = new Map<string, number>();
      for (const ask of [...queries, ...mutations]) {
        const { codes, text } = await answerTo(project, ask, as);
        for (const code of codes) seen.set(code, (seen.get(code) ?? 0) + 1);
        if (codes.some((code) => code.startsWith('SURPRISE')))
          problems.push(`${ask.name}: ${codes.join()}`);
        // The names of arguments are not told, but the errors of a document quote it.
        if (isTold(text)) problems.push(`${ask.name} told ${text.slice(0, 200)}`);
      }
      expect(problems).toEqual([]);
      expect(await hiddenRows(project, may)).toEqual(before);
      console.info(
        `${name}: ${queries.length} queries, ${mutations.length} mutations, errors: ${JSON.stringify(Object.fromEntries(seen))}`,
      );
      expect(queries.length).toBeGreaterThan(name === 'PUBLIC' ? 50 : 80);
    });
  }, 240_000);

  it('gets an error of the document for each field that is not in its API', async () => {
    await kit.serve(sdl, async (project) => {
      const refused: string[] = [];
      for (const { document, coordinate } of walkSchema(serverSchema)) {
        if (validate(ownSchema, parse(document)).length === 0) continue;
        const { codes } = await answerTo(project, { query: document, variables: {} }, as);
        expect({ coordinate, codes }).toEqual({ coordinate, codes: ['GRAPHQL_VALIDATION_FAILED'] });
        refused.push(coordinate);
      }
      // No caller with rules reaches types that have none.
      expect(refused).toEqual(expect.arrayContaining(['Query.jobs', 'Mutation.createJob']));
      expect(refused.some((coordinate) => coordinate.endsWith('User.notes'))).toBe(true);
    });
  }, 120_000);
});

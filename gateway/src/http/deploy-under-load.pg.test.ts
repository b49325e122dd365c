import { expect, it } from 'vitest';

import type { GraphqlBody } from '../../test/app.ts';
import { useApp } from '../../test/app.ts';
import { makeProject } from '../../test/project-api.ts';

const app = useApp();

/** Schemas that together change the columns of Note in every way that a deployment can. */
const schemas = {
  before: `type Note @model { id: ID! @id  text: String!  old: String  rank: Int! @default(value: 1) }`,
  renamed: `type Note @model { id: ID! @id  text: String!  kept: String @rename(from: "old")  rank: Int! @default(value: 1) }`,
  widened: `type Note @model { id: ID! @id  text: String!  kept: String  rank: BigInt! @default(value: "1")  added: Int! @default(value: 7) }`,
  dropped: `type Note @model { id: ID! @id  text: String!  rank: BigInt! @default(value: "1")  added: Int! @default(value: 7) }`,
} as const;

const clients = 8;

it('a deployment under load causes no errors except validation errors for the removed field', async () => {
  const project = await makeProject(app, schemas.before);
  const surprises: GraphqlBody[] = [];
  let answered = 0;
  let refused = 0;
  let isLoaded = true;

  const isValidationError = ({ errors = [] }: GraphqlBody) =>
    errors.length > 0 &&
    errors.every(({ extensions }) => extensions?.['code'] === 'GRAPHQL_VALIDATION_FAILED');
  const ask = async (query: string, mayBeInvalid: boolean) => {
    const body = await project.ask(query);
    answered += 1;
    if (body.errors === undefined) return;
    if (mayBeInvalid && isValidationError(body)) refused += 1;
    else surprises.push(body);
  };
  const load = async (client: number) => {
    for (let turn = 0; isLoaded; turn += 1) {
      await ask(
        `mutation { createNote(data: { text: "note ${client} ${turn}" }) { id text rank } }`,
        false,
      );
      await ask(
        `{ notes(first: 5, orderBy: [{ rank: DESC }]) { nodes { id text rank } totalCount } }`,
        false,
      );
      await ask(`{ notes(where: { old: { isNull: true } }) { nodes { old } } }`, true);
      await ask(
        `mutation { updateNotes(where: { text: { eq: "none" } }, data: { text: "x" }) { count } }`,
        false,
      );
    }
  };
  const loads = Array.from({ length: clients }, (_, client) => load(client));
  const settled = async (requests: number) => {
    const until = answered + requests;
    while (answered < until) await project.ask('{ __typename }');
  };
  try {
    for (const sdl of [schemas.renamed, schemas.widened, schemas.dropped, schemas.before]) {
      await settled(50);
      await project.deploy(sdl);
    }
    await settled(50);
  } finally {
    isLoaded = false;
    await Promise.all(loads);
  }
  expect(surprises.slice(0, 3)).toEqual([]);
  // Requests were sent both while the field existed and while it did not.
  expect(refused).toBeGreaterThan(0);
  expect(answered).toBeGreaterThan(refused);
}, 120_000);

import { expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { makeProject } from '../../test/project-api.ts';

const app = useApp();

it('returns BAD_USER_INPUT for a sum that is out of range for its type', async () => {
  const project = await makeProject(app, 'type Star @model { id: ID! @id  mass: Float! }');
  await project.data(
    'mutation { createStars(data: [{ mass: 1.7e308 }, { mass: 1.7e308 }]) { count } }',
  );
  const { data, errors } = await project.ask('{ stars { aggregate { sum { mass } } } }');
  expect(data).toBeNull();
  expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['BAD_USER_INPUT']);
  expect(JSON.stringify(errors)).not.toMatch(/double|float8|22003/);
});

import { expect, it } from 'vitest';

import { simulationErrors, simulationInput, type Simulation } from './simulation.ts';

const simulation: Simulation = {
  audience: 'USER',
  userId: 'u1',
  claims: '{ "role": "EDITOR" }',
  query: '{ posts { totalCount } }',
  variables: '',
};

it('explains what is wrong with the texts', () => {
  expect(simulationErrors(simulation)).toEqual({});
  expect(simulationErrors({ ...simulation, claims: '[1]', query: ' ', variables: '{,}' })).toEqual({
    claims: 'Enter a JSON object: { "name": … }.',
    query: 'Enter an operation.',
    variables: expect.stringContaining('Invalid JSON at line 1, column 2') as string,
  });
});

it('sends a user and claims only for a signed-in caller', () => {
  expect(simulationInput('blog', { ...simulation, variables: '{ "first": 3 }' })).toEqual({
    projectRef: 'blog',
    as: { audience: 'USER', userId: 'u1', claims: { role: 'EDITOR' } },
    query: simulation.query,
    variables: { first: 3 },
  });
  expect(simulationInput('blog', { ...simulation, audience: 'PUBLIC' })).toEqual({
    projectRef: 'blog',
    as: { audience: 'PUBLIC' },
    query: simulation.query,
  });
});

import { expect, it } from 'vitest';

import { appQuery } from './app-query.ts';
import { trackerModels } from './tracker.fixture.ts';

const sdl = (rules: Readonly<Record<string, string>>, hidden = '') =>
  trackerModels
    .map(({ name }) => `type ${name} @model ${rules[name] ?? ''} { id: ID! @id ${hidden} }`)
    .join('\n');

it('reads the first model that the audience can read', () => {
  const text = sdl({
    User: '@allow(to: [UPDATE], as: PUBLIC)',
    Board: '@allow(to: [READ], claims: { role: { eq: "a" } })',
    Issue: '@allow(to: [READ, CREATE], where: { title: { eq: "a" } })',
    Label: '@allow(to: READ, as: PUBLIC)',
  });
  expect(appQuery(trackerModels, text, 'PUBLIC')).toMatch(/^\{ labels\(first: 3\)/);
  expect(appQuery(trackerModels, text, 'USER')).toMatch(/^\{ issues\(first: 3\)/);
});

it('leaves out fields with rules of their own', () => {
  const fields = 'title: String @allow(to: READ) number: Int @private';
  const text = sdl({ Issue: '@allow(to: READ, as: PUBLIC)' }, fields);
  expect(appQuery(trackerModels, text, 'PUBLIC')).toMatch(/nodes \{ id (?!.*(title|number))/);
});

it('is null if no model is readable', () => {
  expect(appQuery(trackerModels, sdl({ Issue: '@allow(to: READ)' }), 'GUEST')).toBeNull();
  expect(appQuery(trackerModels, 'type {', 'USER')).toBeNull();
});

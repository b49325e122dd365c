import { expect, it } from 'vitest';

import { addLive } from './edit-live.ts';

it('adds the directive after the other directives of the model', () => {
  const text =
    'type Note @model {\n  id: ID! @id\n}\ntype Task @model\n  @allow(to: [READ]) { id: ID! @id }\n';
  expect(addLive(text, 'Note')).toBe(text.replace('Note @model', 'Note @model @live'));
  expect(addLive(text, 'Task')).toBe(text.replace('[READ])', '[READ]) @live'));
});

it.each([
  ['the model has it', 'type Note @model @live { id: ID! @id }'],
  ['an extension has it', 'type Note @model { id: ID! @id }\nextend type Note @live'],
  ['there is no such model', 'type Other @model { id: ID! @id }'],
  ['the text has a syntax error', 'type Note @model {'],
])('changes nothing if %s', (_why, text) => {
  expect(addLive(text, 'Note')).toBe(text);
});

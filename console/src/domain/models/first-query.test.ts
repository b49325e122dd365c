import { expect, it } from 'vitest';

import { firstQuery } from './first-query.ts';
import { keysModel } from './keys.fixture.ts';
import { trackerModel } from './tracker.fixture.ts';

it('reads the key, the label and other values of a model', () => {
  const nodes = (model: Parameters<typeof firstQuery>[0]) =>
    /nodes \{ (.*) \} total/.exec(firstQuery(model))?.[1];
  expect(nodes(trackerModel('Issue'))).toBe('id title number body');
  expect(nodes(keysModel('Label'))).toBe('code color');
  expect(nodes(keysModel('Cell'))).toBe('shelfId itemId amount updatedAt');
  expect(nodes(keysModel('Slot'))).toBe('cellShelfId cellItemId number size');
});

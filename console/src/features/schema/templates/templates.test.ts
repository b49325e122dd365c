import { readdirSync } from 'node:fs';

import { expect, it } from 'vitest';

import { readSdl } from '../../../../../gateway/src/engine/schema.ts';
import { ruledTemplates, templates } from './templates.ts';

it.each([...templates, ...ruledTemplates])('$name is a valid schema', ({ sdl }) => {
  const reading = readSdl(sdl);
  expect(reading.ok ? [] : reading.diagnostics).toEqual([]);
});

it.each(ruledTemplates)('$name has access rules', ({ sdl }) => {
  const reading = readSdl(sdl);
  if (!reading.ok) throw new Error('The template is invalid.');
  const { access } = reading.model;
  expect(access?.types.some(({ allows }) => allows.length > 0)).toBe(true);
});

it('offers each example', () => {
  const examples = new URL('../../../../../examples/', import.meta.url);
  expect(readdirSync(examples).sort()).toEqual(
    ruledTemplates.map(({ name }) => `${name}.graphql`).sort(),
  );
});

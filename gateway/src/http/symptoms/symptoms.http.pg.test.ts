import { join } from 'node:path';

import { expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { runCase } from '../../../test/symptoms/run-case.ts';
import { readCases } from '../../../test/symptoms/symptom-case.ts';

const app = useApp();
const cases = readCases(join(import.meta.dirname, 'cases'));

it('finds the cases', () => {
  expect(cases.length).toBeGreaterThan(0);
});

it.each(cases)('%s', async (_name, symptom) => {
  await runCase(app, symptom);
});

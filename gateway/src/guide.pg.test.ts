import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../test/app.ts';
import { examplesOf } from '../test/guide.ts';
import { makeProject, type TestProject } from '../test/project-api.ts';
import { readSdl } from './engine/schema.ts';

const app = useApp();
let project: TestProject;

const schema = examplesOf('guide/model-your-data').find(({ kind }) => kind === 'schema');

beforeAll(async () => {
  project = await makeProject(app, schema?.text ?? '');
});

describe('every schema in the guide can be applied', () => {
  const shown = ['guide/model-your-data', 'guide/migrate'].flatMap((page) =>
    examplesOf(page)
      .filter(({ language }) => language === 'graphql')
      .map(({ text }): [string, string] => [`${page}: ${text.trim().split('\n')[0] ?? ''}`, text]),
  );
  it.each(shown)('%s', (_name, text) => {
    const reading = readSdl(text);
    expect(reading.ok ? [] : reading.diagnostics).toEqual([]);
  });
});

/**
 * The examples run in the same order as in the guide, because later examples query the rows that earlier ones write.
 */
describe('every operation in the guide returns the response shown', () => {
  const operations = ['guide/write', 'guide/query'].flatMap((page) => {
    const examples = examplesOf(page);
    return examples.flatMap((example, index): [string, string, unknown][] => {
      if (example.kind !== 'query' && example.kind !== 'mutation') return [];
      const next = examples[index + 1];
      const answer: unknown =
        example.error === null && next?.kind === 'answer' ? JSON.parse(next.text) : example.error;
      return [[`${page}, ${index}`, example.text, answer]];
    });
  });

  it('finds the operations and their responses', () => {
    expect(operations.length).toBeGreaterThan(8);
    expect(operations.every(([, , answer]) => answer !== null)).toBe(true);
  });

  it.each(operations)('%s', async (_name, text, answer) => {
    const body = await project.ask(text);
    if (typeof answer === 'string') {
      expect(body.errors?.[0]?.extensions?.['code']).toBe(answer);
    } else {
      expect(body).toEqual(answer);
    }
  });
});

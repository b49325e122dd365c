import { describe, expect, it } from 'vitest';

import { trackerModel } from '#console/lib/model/tracker.fixture.ts';

import { firstUse } from './first-use.ts';

const endpoint = 'https://tessera.example.org/p/k3v9x0q2m7c1b5n8/graphql';
const key = { secret: 'tsk_secret', endpoint, model: trackerModel };

describe('what a new key is shown with', () => {
  it('reads the first type that it may read', () => {
    const { title, code } = firstUse({ ...key, scopes: ['data.read:Issue'] });
    expect(title).toBe('Read Issue rows');
    expect(code).toContain(`curl ${endpoint} `);
    expect(code).toContain("'authorization: Bearer tsk_secret'");
    expect(code).toMatch(/issues\(first: 3\)/);
  });

  it('asks for nothing that it may not read', () => {
    const { code } = firstUse({ ...key, scopes: ['data.write'] });
    expect(code).toContain('{ __typename }');
    expect(firstUse({ ...key, model: null, scopes: ['data.read'] }).code).toContain('__typename');
  });

  it('is for the pipeline where it opens the schema alone', () => {
    const { code } = firstUse({ ...key, scopes: ['schema.read', 'schema.apply'] });
    expect(code).toContain('TESSERA_URL=https://tessera.example.org\n');
    expect(code).toContain('schema plan');
  });
});

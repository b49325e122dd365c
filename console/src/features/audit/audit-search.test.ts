import { describe, expect, it } from 'vitest';

import { auditFilter, auditSearch, isFiltered } from './audit-search.ts';

const now = new Date('2030-03-15T12:00:00Z');

describe('the audit log filters', () => {
  it('are parsed from a URL, ignoring invalid values', () => {
    const search = auditSearch.parse({
      action: 'apiKey.create',
      span: 'ever',
      since: '2030-13-40',
    });
    expect(search).toEqual({ action: 'apiKey.create' });
    expect(auditFilter(search, now)).toEqual({ action: 'apiKey.create' });
  });

  it('cover whole days, including the last one', () => {
    const { since, until } = auditFilter({ since: '2030-03-01', until: '2030-03-01' }, now);
    expect(since).toBe(new Date('2030-03-01T00:00:00').toISOString());
    expect(until).toBe(new Date('2030-03-02T00:00:00').toISOString());
  });

  it('use the time span and ignore the dates if both are set', () => {
    expect(auditFilter({ span: '7d', since: '2020-01-01' }, now)).toEqual({
      since: '2030-03-08T12:00:00.000Z',
    });
  });

  it('do not include the page cursor', () => {
    expect(isFiltered({ after: 'cursor' })).toBe(false);
    expect(isFiltered({ span: 'today' })).toBe(true);
  });
});

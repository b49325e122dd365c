import { describe, expect, it } from 'vitest';

import type { JsonObject, JsonValue } from '#console/domain/models/json.ts';
import { keysModel } from '#console/domain/models/keys.fixture.ts';
import { trackerModel } from '#console/domain/models/tracker.fixture.ts';

import {
  csvHeader,
  csvLines,
  exportColumnsOf,
  exportRows,
  type ExportColumn,
  type ExportFormat,
  type RowsPage,
} from './export-rows.ts';

const column = (name: string, isText = true): ExportColumn => ({
  name,
  isText,
  valueOf: (row) => row[name] ?? null,
});
const columns = [column('a'), column('b', false)];
const line = (a: JsonValue, b: JsonValue = null, isGuarded = true) =>
  csvLines({ columns, isGuarded }, [{ a, b }]);

describe('a CSV file', () => {
  it('quotes values where required, and doubles the quotes inside them', () => {
    expect(line('say "hi", and\ngo')).toBe('"say ""hi"", and\ngo",\r\n');
    expect(line(' padded ')).toBe('" padded ",\r\n');
    expect(line('tab\t')).toBe('"tab\t",\r\n');
  });

  it('distinguishes null from an empty string', () => {
    expect(line(null)).toBe(',\r\n');
    expect(line('')).toBe('"",\r\n');
    expect(csvLines({ columns: [column('a')], isGuarded: true }, [{ a: null }])).toBe('""\r\n');
  });

  it('writes lists and JSON as JSON, and numbers without loss of precision', () => {
    expect(line(['x', 'y'], '12345678901234567890.10')).toBe(
      '"[""x"",""y""]",12345678901234567890.10\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1'])(
    'escapes the formula %j for spreadsheets',
    (text) => {
      expect(line(text).replace(/^"/, '')).toMatch(/^'/);
      expect(line(text, null, false).replace(/^"/, '')).not.toMatch(/^'/);
    },
  );

  it('does not escape negative numbers', () => {
    expect(line(null, -5)).toBe(',-5\r\n');
    expect(line(null, '-5.50')).toBe(',-5.50\r\n');
  });

  it('starts with a header line', () => {
    expect(csvHeader(columns)).toBe('a,b\r\n');
  });
});

describe('exportColumnsOf', () => {
  it("returns a row's values and foreign keys", () => {
    expect(exportColumnsOf(trackerModel('Comment')).map(({ name }) => name)).toEqual([
      'id',
      'text',
      'issueId',
      'authorId',
      'createdAt',
    ]);
  });

  it('returns all fields of a key, and guards the text in them', () => {
    const columnsOf = (model: string) =>
      exportColumnsOf(keysModel(model)).map(({ name, isText }) => [name, isText]);
    expect(columnsOf('Slot')).toEqual([
      ['cellShelfId', false],
      ['cellItemId', false],
      ['number', false],
      ['size', false],
    ]);
    expect(columnsOf('Note')).toEqual([
      ['id', true],
      ['text', true],
      ['shelfId', true],
      ['authorId', true],
    ]);
  });
});

describe('an export', () => {
  const all = Array.from({ length: 7 }, (_, index): JsonObject => ({ a: `r${index}`, b: index }));
  const fetchPage = (after: string | null): Promise<RowsPage> => {
    const from = after === null ? 0 : Number(after) + 1;
    const nodes = all.slice(from, from + 3);
    const last = from + nodes.length - 1;
    return Promise.resolve({
      nodes,
      pageInfo: { hasNextPage: last < all.length - 1, endCursor: String(last) },
    });
  };
  const run = (format: ExportFormat, bound?: number) => {
    const progress: number[] = [];
    const exported = exportRows({
      format,
      columns,
      isGuarded: true,
      fetchPage,
      onProgress: (rows) => progress.push(rows),
      ...(bound !== undefined && { bound }),
    });
    return exported.then((result) => ({ ...result, progress }));
  };

  it('reads all pages', async () => {
    const { file, rows, isCut, progress } = await run('json');
    expect(JSON.parse(await file.text())).toEqual(all);
    expect({ rows, isCut, progress }).toEqual({ rows: 7, isCut: false, progress: [3, 6, 7] });
    const csv = await (await run('csv')).file.text();
    expect(csv.trimEnd().split('\r\n')).toEqual([
      'a,b',
      ...all.map((_, index) => `r${index},${index}`),
    ]);
  });

  it.each([3, 4, 6])(
    'stops at a limit of %i rows and reports that it is truncated',
    async (bound) => {
      const { file, rows, isCut } = await run('json', bound);
      expect(JSON.parse(await file.text())).toEqual(all.slice(0, bound));
      expect({ rows, isCut }).toEqual({ rows: bound, isCut: true });
    },
  );

  it('is not truncated if the number of rows equals the limit', async () => {
    expect(await run('json', 7)).toMatchObject({ rows: 7, isCut: false });
  });

  it('writes an empty list if there are no rows', async () => {
    const { file } = await exportRows({
      format: 'json',
      columns,
      isGuarded: true,
      fetchPage: () =>
        Promise.resolve({ nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }),
      onProgress: () => undefined,
    });
    expect(JSON.parse(await file.text())).toEqual([]);
  });
});

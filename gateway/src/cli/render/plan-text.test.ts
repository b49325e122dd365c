import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { PlanStep } from '../gateway/schema-api.ts';
import { coloured, paintFor, plain } from './terminal.ts';
import { planText } from './plan-text.ts';

const step = (kind: string, target: string, more: Partial<PlanStep> = {}): PlanStep => ({
  kind,
  target,
  summary: `${kind} of ${target}.`,
  sql: `ALTER ${target};\nGRANT ${target};`,
  hazard: 'NONE',
  affectedRows: null,
  certain: false,
  publicRows: null,
  ...more,
});

const dangerous = [
  step('CREATE_TABLE', 'Label'),
  step('CHANGE_TYPE', 'Issue.size', { hazard: 'LOCK', affectedRows: 1_234_567 }),
  step('DROP_TABLE', 'Note', { hazard: 'DATA_LOSS', affectedRows: 12 }),
  step('SET_REQUIRED', 'Issue.status', { hazard: 'MAY_FAIL', affectedRows: 0 }),
];

const text = (steps: readonly PlanStep[], sql = false, paint = plain) =>
  planText({ hash: 'x', baseVersion: 1, steps, hazards: [], suggestions: [], notes: [] }, paint, {
    sql,
  });

it('shows the steps in order and the most severe hazards first', () => {
  expect(text(dangerous)).toBe(
    `  + CREATE_TABLE of Label.
  ~ CHANGE_TYPE of Issue.size.
  - DROP_TABLE of Note.
  ~ SET_REQUIRED of Issue.status.

  hazard          rows  step
  DATA_LOSS         12  DROP_TABLE Note
  MAY_FAIL           0  SET_REQUIRED Issue.status
  LOCK       1,234,567  CHANGE_TYPE Issue.size

  DATA_LOSS  these rows or values are permanently deleted
  MAY_FAIL   these rows violate the new rule and must be corrected before the plan can be applied
  LOCK       other requests wait while these rows are read or written

  A hazard must be accepted even if it affects no rows.
`,
  );
});

it('shows what access rules change, and the rows that everyone can read', () => {
  const access = (summary: string, more: Partial<PlanStep>) =>
    step('ACCESS', 'Post', { summary, sql: '', ...more });
  const exactly = (rows: number) => ({ rows, isExact: true });
  const steps = [
    access('Everyone can now read any row.', {
      hazard: 'WIDENS_ACCESS',
      publicRows: { before: exactly(0), after: { rows: 100_000, isExact: false } },
    }),
    access('Guests can no longer read any row.', {
      publicRows: { before: exactly(3), after: null },
    }),
    access('Nothing was counted.', { publicRows: { before: null, after: null } }),
  ];
  expect(text(steps, true)).toBe(
    `  ~ Everyone can now read any row.
      Rows that signed-out callers can read: 0 now, more than 100,000 after this plan.
  ~ Guests can no longer read any row.
      Rows that signed-out callers can read: 3 now.
  ~ Nothing was counted.

  hazard         rows  step
  WIDENS_ACCESS        ACCESS Post

  WIDENS_ACCESS  callers with access rules may be able to do more than before
`,
  );
});

it('shows notes about access rules', () => {
  const notes = [{ target: 'Post', summary: 'Add an index.' }];
  const plan = { hash: 'x', baseVersion: 1, steps: [], hazards: [], suggestions: [], notes };
  expect(planText(plan, plain, { sql: false })).toBe(
    '\n  Notes about the access rules\n  Add an index.\n',
  );
});

it.each([
  [1, '1 row prevents this step. The plan cannot be applied until the row is corrected.'],
  [1_234, '1,234 rows prevent this step. The plan cannot be applied until they are corrected.'],
])('shows below a step how many rows prevent it: %i', (affectedRows, sentence) => {
  const output = text([step('SET_REQUIRED', 'A.b', { hazard: 'MAY_FAIL', affectedRows })]);
  expect(output).toContain(`  ~ SET_REQUIRED of A.b.\n      ${sentence}\n`);
  expect(output).not.toContain('0 rows');
});

it.each([0, null])(
  'does not mention rows that prevent a step if their count is %s',
  (affectedRows) => {
    const output = text([step('SET_REQUIRED', 'A.b', { hazard: 'MAY_FAIL', affectedRows })]);
    expect(output).not.toContain('this step');
  },
);

it('says that a step is certain to fail if all rows violate its rule', () => {
  const output = text([
    step('ADD_COLUMN', 'A.b', { hazard: 'MAY_FAIL', affectedRows: 12, certain: true }),
  ]);
  expect(output).toContain(
    '      All rows violate this rule (12), so this step is certain to fail. MAY_FAIL cannot be accepted for it.\n',
  );
});

it('suggests renames that keep data', () => {
  const suggestion = {
    target: 'A.link',
    from: 'A.url',
    directive: '@rename(from: "url")',
    summary: 'If A.link is a new name for A.url, add @rename(from: "url") to A.link.',
  };
  const plan = {
    hash: 'x',
    baseVersion: 1,
    steps: [],
    hazards: [],
    suggestions: [suggestion],
    notes: [],
  };
  expect(planText(plan, plain, { sql: false })).toBe(
    `\n  Is this a rename?\n  ${suggestion.summary}\n`,
  );
});

it('has no hazard table if there are no hazards', () => {
  expect(text([step('ADD_COLUMN', 'Issue.title')])).toBe('  + ADD_COLUMN of Issue.title.\n');
});

it('shows the SQL if requested', () => {
  expect(text([step('ADD_KEY', 'A(b)')], true)).toBe(
    '  + ADD_KEY of A(b).\n      ALTER A(b);\n      GRANT A(b);\n',
  );
});

it('has the same text and alignment with and without colors', () => {
  const output = text(dangerous, true, coloured);
  expect(output).toContain('\u001b[31m');
  expect(stripVTControlCharacters(output)).toBe(text(dangerous, true));
});

describe('paintFor', () => {
  const terminal = { isTTY: true };
  it.each([
    ['a terminal', terminal, {}, coloured],
    ['a pipe', {}, {}, plain],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, plain],
    ['NO_COLOR', terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, plain],
    ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, coloured],
    ['FORCE_COLOR', {}, { FORCE_COLOR: '1' }, coloured],
    ['FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, plain],
  ])('decides whether to use colors: %s', (_what, target, env, paint) => {
    expect(paintFor(target, env)).toBe(paint);
  });
});

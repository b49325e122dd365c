import {
  hazards,
  type Hazard,
  type PlanStep,
  type RowCount,
  type SchemaPlan,
} from '../gateway/schema-api.ts';
import { type Paint, type Style, inColumns, printable } from './terminal.ts';

const hazardStyles: Readonly<Record<Hazard, Style>> = {
  DATA_LOSS: ['bold', 'red'],
  WIDENS_ACCESS: 'magenta',
  MAY_FAIL: 'yellow',
  LOCK: 'cyan',
};

const hazardMeanings: Readonly<Record<Hazard, string>> = {
  DATA_LOSS: 'these rows or values are permanently deleted',
  WIDENS_ACCESS: 'callers with access rules may be able to do more than before',
  MAY_FAIL: 'these rows violate the new rule and must be corrected before the plan can be applied',
  LOCK: 'other requests wait while these rows are read or written',
};

/**
 * Formats a plan's steps as sentences, followed by a table of their hazards:
 *
 *     + Create a table for Label.
 *     - Drop Note and all of its rows.
 *
 *     hazard     rows  step
 *     DATA_LOSS    12  DROP_TABLE Note
 *
 * Suggestions to keep data and notes about access rules follow.
 *
 * @param options.sql whether to print the SQL below each step
 */
export function planText(
  plan: SchemaPlan,
  paint: Paint,
  options: { readonly sql: boolean },
): string {
  const steps = plan.steps.flatMap((step) => [
    `  ${sentence(step, paint)}`,
    ...violation(step, paint),
    ...publicRows(step),
    ...(options.sql && step.sql !== '' ? statements(step, paint) : []),
  ]);
  const table = hazardTable(plan, paint);
  return [
    ...steps,
    ...(table.length === 0 ? [] : ['', ...table]),
    ...suggestions(plan, paint),
    ...notes(plan, paint),
    '',
  ].join('\n');
}

/** The number of existing rows that would make the step fail. 0 if it is unknown. */
export function violatingRows({ hazard, affectedRows }: PlanStep): number {
  return hazard === 'MAY_FAIL' ? (affectedRows ?? 0) : 0;
}

function violation(step: PlanStep, paint: Paint): readonly string[] {
  const count = violatingRows(step);
  if (count === 0) return [];
  if (step.certain) {
    const all = `All rows violate this rule (${count.toLocaleString('en-US')}), so this step is certain to fail. MAY_FAIL cannot be accepted for it.`;
    return [`      ${paint('red', all)}`];
  }
  const rows =
    count === 1
      ? '1 row prevents this step. The plan cannot be applied until the row is corrected.'
      : `${count.toLocaleString('en-US')} rows prevent this step. The plan cannot be applied until they are corrected.`;
  return [`      ${paint('yellow', rows)}`];
}

/** How many rows callers who are signed out can read before and after the step. */
function publicRows({ publicRows: counted }: PlanStep): readonly string[] {
  if (counted === null) return [];
  const { before, after } = counted;
  const now = before === null ? [] : [`${rowsText(before)} now`];
  const then = after === null ? [] : [`${rowsText(after)} after this plan`];
  if (now.length + then.length === 0) return [];
  return [`      Rows that signed-out callers can read: ${[...now, ...then].join(', ')}.`];
}

function rowsText({ rows, isExact }: RowCount): string {
  return `${isExact ? '' : 'more than '}${rows.toLocaleString('en-US')}`;
}

function sentence({ kind, summary }: PlanStep, paint: Paint): string {
  if (/^(CREATE|ADD)_/.test(kind)) return `${paint('green', '+')} ${printable(summary)}`;
  if (kind.startsWith('DROP_')) return `${paint('red', '-')} ${printable(summary)}`;
  return `${paint('yellow', '~')} ${printable(summary)}`;
}

function statements({ sql }: PlanStep, paint: Paint): readonly string[] {
  return sql.split('\n').map((line) => paint('dim', `      ${printable(line)}`));
}

function suggestions({ suggestions: found }: SchemaPlan, paint: Paint): readonly string[] {
  if (found.length === 0) return [];
  return [
    '',
    `  ${paint('bold', found.length === 1 ? 'Is this a rename?' : 'Are these renames?')}`,
    ...found.map(({ summary }) => `  ${printable(summary)}`),
  ];
}

function notes({ notes: found }: SchemaPlan, paint: Paint): readonly string[] {
  if (found.length === 0) return [];
  return [
    '',
    `  ${paint('bold', 'Notes about the access rules')}`,
    ...found.map(({ summary }) => `  ${printable(summary)}`),
  ];
}

function hazardTable({ steps }: SchemaPlan, paint: Paint): readonly string[] {
  const present = hazards.filter((hazard) => steps.some((step) => step.hazard === hazard));
  if (present.length === 0) return [];
  const rows = present.flatMap((hazard) =>
    steps
      .filter((step) => step.hazard === hazard)
      .map((step) => [
        paint(hazardStyles[hazard], hazard),
        step.affectedRows?.toLocaleString('en-US') ?? (hazard === 'WIDENS_ACCESS' ? '' : '?'),
        `${step.kind} ${printable(step.target)}`,
      ]),
  );
  const heading = ['hazard', 'rows', 'step'].map((title) => paint('bold', title));
  return [
    ...inColumns([heading, ...rows], ['left', 'right', 'left']),
    '',
    ...inColumns(
      present.map((hazard) => [paint(hazardStyles[hazard], hazard), hazardMeanings[hazard]]),
      ['left', 'left'],
    ),
    ...(rows.some(([, count]) => count === '0')
      ? ['', 'A hazard must be accepted even if it affects no rows.']
      : []),
  ].map((line) => (line === '' ? '' : `  ${line}`));
}

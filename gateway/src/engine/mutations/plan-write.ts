import { assertNever } from '../../platform/assert-never.ts';
import type { MutationField, Variables } from '../queries/plan.ts';
import { answerOf, type Answer } from './answer.ts';
import { readRow } from './create-input.ts';
import { Draft } from './draft.ts';
import { InputLocation } from './input-location.ts';
import { FieldInput, InputReader, type InputEnvironment } from './input-reader.ts';
import { DrawnNumber, type NewRow } from './row-ref.ts';
import { readUpdate, type UpdateDraft } from './update-input.ts';
import { expectKeyOf, withKeyOf } from './upsert-key.ts';
import type { WritableTable } from './writable-table.ts';

/** The changes that one root field of a request makes, planned before any statement runs. */
export type WritePlan = CreatePlan | UpdatePlan | UpsertPlan | DeletePlan;

interface WritePlanBase {
  readonly field: MutationField;
  readonly table: WritableTable;
  readonly answer: Answer;
}

export interface CreatePlan extends WritePlanBase {
  readonly kind: 'CREATE';
  readonly input: FieldInput;
  /** The new rows, in input order. */
  readonly rows: readonly NewRow[];
  /** Rows and links that are nested in `rows`. */
  readonly draft: Draft;
  readonly skipDuplicates: boolean;
}

export interface UpdatePlan extends WritePlanBase {
  readonly kind: 'UPDATE';
  readonly input: FieldInput;
  readonly draft: UpdateDraft;
  /** Null if the field updates a single row. */
  readonly atMost: number | null;
}

export interface UpsertPlan extends WritePlanBase {
  readonly kind: 'UPSERT';
  readonly create: CreatePlan;
  readonly update: UpdatePlan;
}

export interface DeletePlan extends WritePlanBase {
  readonly kind: 'DELETE';
  /** Null if the field deletes a single row. */
  readonly atMost: number | null;
}

/**
 * Reads the arguments of a root field: checks every value and generates the keys of new rows, except numbers. Issues are reported to
 * `request`, with paths that start with the root field's response key. A plan with issues must not run.
 *
 * @throws OperationError if the request's data contains too many rows
 */
export function planWrite(
  field: MutationField,
  variables: Variables,
  environment: InputEnvironment,
): WritePlan {
  const input = new FieldInput(environment);
  const args = new InputReader(input, field.args(variables), new InputLocation(field.responseKey));
  const table = input.tableOf(field.type);
  const base: WritePlanBase = { field, table, answer: answerOf(field, table) };
  switch (field.operation) {
    case 'CREATE_ONE':
      return planCreate(base, [args.object('data')], input);
    case 'CREATE_ME':
      return planCreate(base, [readMe(args, base, environment)], input);
    case 'CREATE_MANY':
      return planCreateMany(base, args);
    case 'UPDATE_ONE':
      return planUpdate(base, args.object('data'), null);
    case 'UPDATE_MANY':
      return planUpdateMany(base, args);
    case 'UPSERT_ONE':
      return planUpsert(base, args);
    case 'DELETE_ONE':
      return { ...base, kind: 'DELETE', atMost: null };
    case 'DELETE_MANY':
      return { ...base, kind: 'DELETE', atMost: readAtMost(args, base.answer.rows.length > 0) };
    default:
      return assertNever(field.operation);
  }
}

/** The row that `createMe` creates: what the caller's token proves, and what the caller tells about itself. */
function readMe(args: InputReader, { table }: WritePlanBase, { presets }: InputEnvironment) {
  if (presets === null) throw new Error('Only callers with access rules have a row of their own.');
  const data = args.has('data') ? args.object('data') : args.emptyObject('data');
  return data.withMembers(presets.provedValues(table.type));
}

/** @param usesRows whether the gateway receives the rows, to return them or to change their relations */
function readAtMost(args: InputReader, usesRows: boolean): number {
  const atMost = Number(args.given('atMost'));
  const { limits } = args.input.request;
  const limit = usesRows ? limits.atMost : limits.atMostCounted;
  if (atMost < 0 || atMost > limit) {
    const reason =
      limit < limits.atMostCounted
        ? `Up to ${limits.atMostCounted} is possible if only count is selected and data changes no relations.`
        : 'Change fewer rows at a time.';
    args.reportMember('atMost', `atMost must be a whole number from 0 to ${limit}. ${reason}`);
  }
  return atMost;
}

function planCreate(
  base: WritePlanBase,
  readers: readonly InputReader[],
  input: FieldInput,
): CreatePlan {
  const draft = new Draft();
  const rows = readers.map((reader) => readRow(draft, base.table, reader));
  // The members of `base` are listed, because spreading it is measurably slower.
  const { field, table, answer } = base;
  return { field, table, answer, kind: 'CREATE', input, rows, draft, skipDuplicates: false };
}

function planCreateMany(base: WritePlanBase, args: InputReader): CreatePlan {
  const plan = planCreate(base, args.objects('data'), args.input);
  if (args.given('skipDuplicates') !== true) return plan;
  if (!plan.draft.isEmpty) {
    args.reportMember('skipDuplicates', 'skipDuplicates cannot be combined with nested writes.');
  }
  return { ...plan, skipDuplicates: true };
}

function planUpsert(base: WritePlanBase, args: InputReader): UpsertPlan {
  const { table } = base;
  const where = args.object('where');
  const given = args.object('create').with(args.input.branch());
  const reader = withKeyOf(table, where, given);
  const create = planCreate(base, [reader], reader.input);
  for (const row of create.rows) expectKeyOf(table, where, row, reader);
  const update = args.object('update').with(args.input.branch());
  return { ...base, kind: 'UPSERT', create, update: planUpdate(base, update, null) };
}

function planUpdate(base: WritePlanBase, data: InputReader, atMost: number | null): UpdatePlan {
  const { field, table, answer } = base;
  const draft = readUpdate(table, data);
  return { field, table, answer, kind: 'UPDATE', input: data.input, draft, atMost };
}

function planUpdateMany(base: WritePlanBase, args: InputReader): UpdatePlan {
  const plan = planUpdate(base, args.object('data'), 0);
  const usesRows = base.answer.rows.length > 0 || !writesOwnCellsOnly(plan);
  return { ...plan, atMost: readAtMost(args, usesRows) };
}

/** Whether the plan writes only columns of the root field's rows and looks up or changes no other rows. */
export function writesOwnCellsOnly(plan: CreatePlan | UpdatePlan): boolean {
  if (plan.input.lookups.length > 0 || plan.input.releases.length > 0) return false;
  if (plan.kind === 'CREATE') return plan.draft.isEmpty;
  return plan.draft.before.isEmpty && !changesRelatedRows(plan.draft);
}

/** Whether the update changes related rows, or pairs in a join table. */
export function changesRelatedRows({ after, detachments }: UpdateDraft): boolean {
  return detachments.length > 0 || !after.isEmpty;
}

/**
 * Whether the plan is a single statement that needs no explicit transaction. New rows are inserted by one statement,
 * regardless of their depth. Changing foreign keys of existing rows takes additional statements. A list of rows needs a
 * transaction because its length is only known when it arrives, and a list that is too long must be rolled back.
 */
export function isOneStatement(plan: WritePlan): boolean {
  if (plan.answer.batch !== null && plan.answer.rows.length > 0) return false;
  switch (plan.kind) {
    case 'DELETE':
      return true;
    case 'CREATE':
      return (
        plan.answer.ownColumnsOnly &&
        plan.input.lookups.length === 0 &&
        plan.input.releases.length === 0 &&
        plan.draft.attachments.size === 0 &&
        !usesSequences(plan)
      );
    case 'UPDATE':
      return plan.answer.ownColumnsOnly && writesOwnCellsOnly(plan);
    case 'UPSERT':
      return (
        plan.answer.ownColumnsOnly &&
        writesOwnCellsOnly(plan.create) &&
        writesOwnCellsOnly(plan.update) &&
        !usesSequences(plan.create)
      );
    default:
      return assertNever(plan);
  }
}

/**
 * Whether numbers must be reserved before the rows are inserted, or a sequence must be moved past a number that the input
 * contains. A single row without its number gets it when it is inserted.
 */
export function usesSequences({ rows, draft }: CreatePlan): boolean {
  const [only] = rows;
  if (rows.length === 1 && draft.isEmpty && only !== undefined) {
    const { sequence, position } = only.table;
    if (sequence === null) return false;
    return !(only.cells[position(sequence.column.column)] instanceof DrawnNumber);
  }
  const tables = [...rows.slice(0, 1).map(({ table }) => table), ...draft.rows.keys()];
  return tables.some(({ sequence }) => sequence !== null);
}

/** Whether the statement that writes the rows can return the result, because no later statement changes the rows. */
export function canReturnAnswer(plan: CreatePlan | UpdatePlan): boolean {
  if (!plan.answer.ownColumnsOnly) return false;
  const own = plan.table.type.name;
  const changed =
    plan.kind === 'CREATE'
      ? [...plan.draft.attachments.keys()]
      : [
          ...plan.draft.before.attachments.keys(),
          ...plan.draft.after.attachments.keys(),
          ...plan.draft.detachments.map(({ relation }) => relation),
        ];
  return changed.every(({ link }) => link.kind === 'MANY_TO_MANY' || link.target.name !== own);
}

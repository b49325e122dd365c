import type { ModelIndex } from '../api/model-index.ts';
import type { InputIssue } from '../errors.ts';
import { requestLimits } from '../limits.ts';
import type { MutationField, Variables } from '../queries/plan.ts';
import { answerShape, type AnswerShape } from './answer.ts';
import {
  emptyDraft,
  InputReading,
  isEmpty,
  type Draft,
  type DraftRow,
  type RowBudget,
} from './draft.ts';
import { asObject, asObjects, type InputObject } from './input-object.ts';
import { at, type Place } from './place.ts';
import { readRow } from './read-create.ts';
import { readUpdate, type UpdateDraft } from './read-update.ts';
import { tableShape, type TableShape } from './table-shape.ts';

/** What one root field of a request writes, before anything of it has run. */
export type WritePlan = CreatePlan | UpdatePlan | UpsertPlan | DeletePlan;

interface WritePlanBase {
  readonly field: MutationField;
  readonly shape: TableShape;
  readonly answer: AnswerShape;
}

export interface CreatePlan extends WritePlanBase {
  readonly kind: 'CREATE';
  readonly reading: InputReading;
  /** In the order of the input. */
  readonly rows: readonly DraftRow[];
  /** What the rows nest. */
  readonly draft: Draft;
  readonly skipDuplicates: boolean;
}

export interface UpdatePlan extends WritePlanBase {
  readonly kind: 'UPDATE';
  readonly reading: InputReading;
  readonly draft: UpdateDraft;
  /** Null where the field changes the one row that it names. */
  readonly atMost: number | null;
}

export interface UpsertPlan extends WritePlanBase {
  readonly kind: 'UPSERT';
  readonly create: CreatePlan;
  readonly update: UpdatePlan;
}

export interface DeletePlan extends WritePlanBase {
  readonly kind: 'DELETE';
  readonly atMost: number | null;
}

export interface PlanContext {
  readonly index: ModelIndex;
  readonly newId: () => string;
  readonly budget: RowBudget;
  /** Where everything that is wrong is told; their paths begin with the root field's response key. */
  readonly issues: InputIssue[];
}

/**
 * Reads the arguments of a root field: every value is checked and every new row has its id. A plan with issues is
 * not to be run.
 *
 * @throws OperationError where there is too much to read on
 */
export function planWrite(
  field: MutationField,
  variables: Variables,
  { index, newId, budget, issues }: PlanContext,
): WritePlan {
  const args = field.args(variables);
  const reading = new InputReading(index, newId, budget, issues);
  const base = {
    field,
    shape: tableShape(index, field.type),
    answer: answerOf(field),
  };
  return planOperation(base, args, reading);
}

/** `['createIssue', 'data']` */
function argumentOf({ field }: WritePlanBase, name: string): Place {
  return at(at(null, field.responseKey), name);
}

const answers = new WeakMap<MutationField, AnswerShape>();

function answerOf(field: MutationField): AnswerShape {
  const known = answers.get(field);
  if (known !== undefined) return known;
  const answer = answerShape(field.selection);
  answers.set(field, answer);
  return answer;
}

function planOperation(base: WritePlanBase, args: InputObject, reading: InputReading): WritePlan {
  switch (base.field.operation) {
    case 'CREATE_ONE':
      return planCreate(base, [asObject(args['data'])], 'data', reading);
    case 'CREATE_MANY':
      return planCreateMany(base, args, reading);
    case 'UPDATE_ONE':
      return planUpdate(base, asObject(args['data']), 'data', null, reading);
    case 'UPDATE_MANY':
      return planUpdate(
        base,
        asObject(args['data']),
        'data',
        readAtMost(base, args, reading),
        reading,
      );
    case 'UPSERT_ONE':
      return {
        ...base,
        kind: 'UPSERT',
        create: planCreate(base, [asObject(args['create'])], 'create', reading.branch()),
        update: planUpdate(base, asObject(args['update']), 'update', null, reading.branch()),
      };
    case 'DELETE_ONE':
      return { ...base, kind: 'DELETE', atMost: null };
    case 'DELETE_MANY':
      return { ...base, kind: 'DELETE', atMost: readAtMost(base, args, reading) };
  }
}

function readAtMost(base: WritePlanBase, args: InputObject, reading: InputReading): number {
  const atMost = Number(args['atMost']);
  if (atMost < 0 || atMost > requestLimits.atMost) {
    reading.report(argumentOf(base, 'atMost'), `This must be from 0 to ${requestLimits.atMost}.`);
  }
  return atMost;
}

function planCreate(
  base: WritePlanBase,
  inputs: readonly InputObject[],
  argument: string,
  reading: InputReading,
): CreatePlan {
  const draft = emptyDraft();
  const place = argumentOf(base, argument);
  const isBatch = base.field.operation === 'CREATE_MANY';
  const rows = inputs.map((input, position) =>
    readRow(reading, draft, base.shape, input, isBatch ? at(place, position) : place),
  );
  const { field, shape, answer } = base;
  return { field, shape, answer, kind: 'CREATE', reading, rows, draft, skipDuplicates: false };
}

function planCreateMany(base: WritePlanBase, args: InputObject, reading: InputReading): CreatePlan {
  const plan = planCreate(base, asObjects(args['data']), 'data', reading);
  if (args['skipDuplicates'] !== true) return plan;
  if (!isEmpty(plan.draft)) {
    const message = 'Rows that nest others cannot be skipped.';
    reading.report(argumentOf(base, 'skipDuplicates'), message);
  }
  return { ...plan, skipDuplicates: true };
}

function planUpdate(
  base: WritePlanBase,
  input: InputObject,
  argument: string,
  atMost: number | null,
  reading: InputReading,
): UpdatePlan {
  const draft = readUpdate(reading, base.shape, input, argumentOf(base, argument));
  const { field, shape, answer } = base;
  return { field, shape, answer, kind: 'UPDATE', reading, draft, atMost };
}

/** Does a plan write more than the cells of its own rows, or look anything up? */
export function isPlain(plan: CreatePlan | UpdatePlan): boolean {
  if (plan.reading.lookups.length > 0) return false;
  if (plan.kind === 'CREATE') return isEmpty(plan.draft);
  return isEmpty(plan.draft.before) && !relinks(plan.draft);
}

/** Does it change what stands under the changed rows? */
export function relinks({ after, detachments }: UpdateDraft): boolean {
  return detachments.length > 0 || !isEmpty(after);
}

/**
 * Is the plan one statement? Then it needs no transaction around it. New rows are one statement however deep they
 * nest; rows that are there already take further ones to come to stand elsewhere.
 */
export function isOneStatement(plan: WritePlan): boolean {
  switch (plan.kind) {
    case 'DELETE':
      return true;
    case 'CREATE':
      return (
        plan.answer.ownColumnsOnly &&
        plan.reading.lookups.length === 0 &&
        plan.draft.attachments.size === 0
      );
    case 'UPDATE':
      return plan.answer.ownColumnsOnly && isPlain(plan);
    case 'UPSERT':
      return plan.answer.ownColumnsOnly && isPlain(plan.create) && isPlain(plan.update);
  }
}

/** Can the statement that writes the rows answer them as well, because nothing after it changes them? */
export function returnsItself(plan: CreatePlan | UpdatePlan): boolean {
  if (!plan.answer.ownColumnsOnly) return false;
  const own = plan.shape.type.name;
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

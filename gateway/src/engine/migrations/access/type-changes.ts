import { possibleRules } from '../../rules/possible-rules.ts';
import { neededFor } from '../../rules/rights.ts';
import { allowSentence, requireSentence } from '../../rules/sentence.ts';
import {
  accessOperations,
  audiences,
  type AccessOperation,
  type AllowRule,
  type Audience,
  type RequireRule,
} from '../../sdl/access-model.ts';
import type { ModelType } from '../../sdl/model.ts';
import { areEqual, conditionsOf, imply, type Conditions, type Naming } from './rule-conditions.ts';

/** A change of what callers with rules can do. */
export interface AccessChange {
  /** A type or field of the next model, or a type of the current one: `Issue`, `Issue.title`. */
  readonly target: string;
  readonly summary: string;
  /** Whether it may let somebody do more. */
  readonly widens: boolean;
  /** The type whose rows everyone can read, if the change may have changed which ones. */
  readonly publicRows: string | null;
}

/** The models before and after. Names are compared as the next model has them. */
export interface ComparedModels {
  readonly before: Naming;
  readonly after: Naming;
}

export interface ComparedType {
  /** Null for a new type. */
  readonly before: ModelType | null;
  readonly after: ModelType;
}

/** A rule of a type, with its own conditions and those of the requirements, all of which must hold. */
interface Alternative {
  readonly rule: AllowRule;
  readonly own: Conditions;
  readonly all: Conditions;
}

/** What the callers of an audience can do with an operation. */
interface Cell {
  readonly operation: AccessOperation;
  readonly audience: Audience;
  readonly before: readonly Alternative[];
  readonly after: readonly Alternative[];
  readonly requiresBefore: readonly RequireRule[];
  readonly requiresAfter: readonly RequireRule[];
}

type CellName = Pick<Cell, 'operation' | 'audience'>;

/** The changes of the rules of a type. */
export function typeChanges(models: ComparedModels, types: ComparedType): readonly AccessChange[] {
  const cells = cellsOf(models, types);
  return [
    ...gains(models, types, cells),
    ...losses(models, types, cells),
    ...addedRequirements(models, types, cells),
    ...removedRequirements(models, types, cells),
  ];
}

function cellsOf({ before, after }: ComparedModels, types: ComparedType): readonly Cell[] {
  return accessOperations.flatMap((operation) => {
    const decides = (naming: Naming, type: ModelType | null) =>
      type !== null && operation === 'LINK'
        ? neededFor(naming.model.access, { type: type.name, operation })[0] === 'LINK'
        : true;
    const [linksBefore, linksAfter] = [decides(before, types.before), decides(after, types.after)];
    // Without rules for LINK, those for READ decide, and their changes are reported for READ.
    if (operation === 'LINK' && !linksAfter && (!linksBefore || types.before === null)) return [];
    return audiences.map((audience): Cell => {
      const old = rulesFor(before, types.before, { operation, audience }, linksBefore);
      const next = rulesFor(after, types.after, { operation, audience }, linksAfter);
      return {
        operation,
        audience,
        // An explicit LINK also permits pairs of a many-to-many relation, for which READ is not enough.
        before: linksBefore || !linksAfter ? old.alternatives : [],
        after: next.alternatives,
        requiresBefore: old.requires,
        requiresAfter: next.requires,
      };
    });
  });
}

function rulesFor(
  naming: Naming,
  type: ModelType | null,
  { operation, audience }: CellName,
  decidesItself: boolean,
) {
  if (type === null) return { alternatives: [], requires: [] };
  const right = {
    type: type.name,
    operation: decidesItself ? operation : 'READ',
    audience,
  } as const;
  const { allows, requires } = possibleRules(naming.model, right);
  const place = { type, operation };
  const required = requires.flatMap((rule) => conditionsOf(naming, rule, place));
  return {
    requires,
    alternatives: allows.map((rule): Alternative => {
      const own = conditionsOf(naming, rule, place);
      return { rule, own, all: [...own, ...required] };
    }),
  };
}

/** The alternatives that are new or have other conditions. */
function gains(
  { after }: ComparedModels,
  types: ComparedType,
  cells: readonly Cell[],
): readonly AccessChange[] {
  const changed = cells.flatMap((cell) =>
    cell.after.flatMap(({ rule, own, all }) =>
      cell.before.some((known) => areEqual(known.own, own))
        ? []
        : [{ rule, cell, widens: !cell.before.some((known) => imply(all, known.all)) }],
    ),
  );
  return [...new Set(changed.map(({ rule }) => rule))].flatMap((rule) =>
    [true, false].flatMap((widens) => {
      const of = changed.filter((each) => each.rule === rule && each.widens === widens);
      return byAudiences(of.map(({ cell }) => cell)).map(({ as, operations }) => ({
        target: types.after.name,
        summary: allowSentence(after.model, { type: types.after.name, field: null }, rule, {
          tense: widens ? 'CAN_NOW' : 'CAN_STILL',
          operations,
          rows: 'ROWS_OF_TYPE',
          as,
        }),
        widens,
        publicRows: concernsPublicRows(types, as, operations),
      }));
    }),
  );
}

/** The alternatives that are gone, and whose rows no other alternative permits. */
function losses(
  { before }: ComparedModels,
  types: ComparedType,
  cells: readonly Cell[],
): readonly AccessChange[] {
  const { before: type } = types;
  if (type === null) return [];
  const lost = cells.flatMap((cell) =>
    cell.before.flatMap(({ rule, own }) =>
      cell.after.some((next) => imply(own, next.own)) ? [] : [{ rule, cell }],
    ),
  );
  return [...new Set(lost.map(({ rule }) => rule))].flatMap((rule) => {
    const of = lost.filter((each) => each.rule === rule);
    return byAudiences(of.map(({ cell }) => cell)).map(({ as, operations }) => ({
      target: types.after.name,
      summary: allowSentence(before.model, { type: type.name, field: null }, rule, {
        tense: 'CAN_NO_LONGER',
        operations,
        rows: 'ROWS_OF_TYPE',
        as,
      }),
      widens: false,
      publicRows: concernsPublicRows(types, as, operations),
    }));
  });
}

function addedRequirements(
  { before, after }: ComparedModels,
  types: ComparedType,
  cells: readonly Cell[],
): readonly AccessChange[] {
  const isKnown = (cell: Cell, rule: RequireRule) =>
    cell.requiresBefore.some((known) =>
      areEqual(
        conditionsOf(after, rule, { type: types.after, operation: cell.operation }),
        conditionsOf(before, known, {
          type: types.before ?? types.after,
          operation: cell.operation,
        }),
      ),
    );
  return changedRequirements(cells, ({ requiresAfter }) => requiresAfter, isKnown).map(
    ({ rule, operations }) => ({
      target: types.after.name,
      summary: requireSentence(after.model, types.after.name, rule, {
        operations,
        rows: 'ROWS_OF_TYPE',
      }),
      widens: false,
      publicRows: concernsPublicRows(types, ['PUBLIC'], operations),
    }),
  );
}

function removedRequirements(
  { before, after }: ComparedModels,
  types: ComparedType,
  cells: readonly Cell[],
): readonly AccessChange[] {
  const { before: type } = types;
  if (type === null) return [];
  const isKept = (cell: Cell, rule: RequireRule) =>
    cell.requiresAfter.some((next) =>
      areEqual(
        conditionsOf(before, rule, { type, operation: cell.operation }),
        conditionsOf(after, next, { type: types.after, operation: cell.operation }),
      ),
    );
  return changedRequirements(cells, ({ requiresBefore }) => requiresBefore, isKept).map(
    ({ rule, operations }) => ({
      target: types.after.name,
      summary: `This rule no longer applies: ${requireSentence(before.model, type.name, rule, {
        operations,
        rows: 'ROWS_OF_TYPE',
      })}`,
      widens: cells.some(
        (cell) =>
          operations.includes(cell.operation) &&
          cell.before.length > 0 &&
          cell.after.some((next) => !cell.before.some((known) => imply(next.all, known.all))),
      ),
      publicRows: concernsPublicRows(types, ['PUBLIC'], operations),
    }),
  );
}

function changedRequirements(
  cells: readonly Cell[],
  rulesIn: (cell: Cell) => readonly RequireRule[],
  isUnchanged: (cell: Cell, rule: RequireRule) => boolean,
): readonly { readonly rule: RequireRule; readonly operations: readonly AccessOperation[] }[] {
  const changed = cells.flatMap((cell) =>
    rulesIn(cell).flatMap((rule) => (isUnchanged(cell, rule) ? [] : [{ rule, cell }])),
  );
  return [...new Set(changed.map(({ rule }) => rule))].map((rule) => ({
    rule,
    operations: operationsIn(changed.flatMap((each) => (each.rule === rule ? [each.cell] : []))),
  }));
}

interface Group {
  readonly as: readonly Audience[];
  readonly operations: readonly AccessOperation[];
}

/** Groups operations that concern the same audiences. */
export function byAudiences(cells: readonly CellName[]): readonly Group[] {
  const groups = new Map<string, { as: readonly Audience[]; operations: AccessOperation[] }>();
  for (const operation of operationsIn(cells)) {
    const as = audiences.filter((audience) =>
      cells.some((cell) => cell.operation === operation && cell.audience === audience),
    );
    const group = groups.get(as.join()) ?? { as, operations: [] };
    group.operations.push(operation);
    groups.set(as.join(), group);
  }
  return [...groups.values()];
}

function operationsIn(cells: readonly CellName[]): readonly AccessOperation[] {
  return accessOperations.filter((operation) => cells.some((cell) => cell.operation === operation));
}

function concernsPublicRows(
  { after }: ComparedType,
  as: readonly Audience[],
  operations: readonly AccessOperation[],
): string | null {
  return as.includes('PUBLIC') && operations.includes('READ') ? after.name : null;
}

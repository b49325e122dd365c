import { hasNoConditions, isPossibleOn, operationsOn } from '../../rules/effective-rights.ts';
import { isInKey } from '../../api/model-index.ts';
import { possibleRules } from '../../rules/possible-rules.ts';
import { fieldAccess } from '../../rules/rights.ts';
import {
  allowSentence,
  closedFieldSentence,
  openFieldSentence,
  presetSentence,
  signUpSentence,
} from '../../rules/sentence.ts';
import {
  audiences,
  type AccessOperation,
  type AllowRule,
  type Audience,
  type FieldAccess,
} from '../../sdl/access-model.ts';
import type { Field, ModelType } from '../../sdl/model.ts';
import { areEqual, conditionsOf, imply, presetKey, type Naming } from './rule-conditions.ts';
import { byAudiences, type AccessChange, type ComparedModels } from './type-changes.ts';

/** A field of a type that exists in both models. `before` is null for a new field. */
export interface ComparedField {
  readonly types: { readonly before: ModelType; readonly after: ModelType };
  readonly before: Field | null;
  readonly after: Field;
}

/** What decides whether a caller can use the value of a field in a row that the rules of the type permit. */
type Mode =
  | { readonly kind: 'NEVER' }
  /** The rules of the type alone. */
  | { readonly kind: 'TYPE' }
  | { readonly kind: 'RULES'; readonly allows: readonly AllowRule[] };

interface Cell {
  readonly operation: AccessOperation;
  readonly audience: Audience;
  readonly before: Mode;
  readonly after: Mode;
}

/** A field in one of the models. */
interface Side {
  readonly naming: Naming;
  readonly type: ModelType;
  readonly field: Field;
  readonly access: FieldAccess | null;
}

/** The changes of what callers can do with a field. */
export function fieldChanges(
  { before, after }: ComparedModels,
  compared: ComparedField,
): readonly AccessChange[] {
  const { types } = compared;
  const next = sideOf(after, types.after, compared.after);
  const old = compared.before === null ? null : sideOf(before, types.before, compared.before);
  const cells = operationsOn(types.after, compared.after).flatMap((operation) =>
    audiences.flatMap((audience): readonly Cell[] => {
      const isPossible = ({ model }: Naming, type: string) =>
        possibleRules(model, { type, operation, audience }).allows.length > 0;
      // If the rules of the type begin to permit the operation, that is a change of the type.
      if (!isPossible(before, types.before.name) || !isPossible(after, types.after.name)) return [];
      return [
        {
          operation,
          audience,
          before: old === null ? never : modeOf(old, operation, audience),
          after: modeOf(next, operation, audience),
        },
      ];
    }),
  );
  const change = (summary: string, widens: boolean): AccessChange => ({
    target: `${types.after.name}.${compared.after.name}`,
    summary,
    widens,
    publicRows: null,
  });
  return [
    ...opened(next, cells).map((summary) => change(summary, true)),
    ...permitted({ next, old }, cells).map(({ summary, widens }) => change(summary, widens)),
    ...closed({ next, old }, cells).map((summary) => change(summary, false)),
    ...presets({ next, old }).map(({ summary, widens }) => change(summary, widens)),
    ...signUps({ next, old }).map(({ summary, widens }) => change(summary, widens)),
  ];
}

interface Sides {
  readonly next: Side;
  readonly old: Side | null;
}

function sideOf(naming: Naming, type: ModelType, field: Field): Side {
  return { naming, type, field, access: fieldAccess(naming.model.access, type.name, field.name) };
}

const never: Mode = { kind: 'NEVER' };
const ofType: Mode = { kind: 'TYPE' };

function modeOf(side: Side, operation: AccessOperation, audience: Audience): Mode {
  const { naming, type, field, access } = side;
  if (access?.isPrivate === true) return never;
  if (operation !== 'READ' && access !== null && access.preset !== null) return never;
  if (access === null || access.allows.length === 0) {
    return operation !== 'READ' && isGuarded(naming, type, field) ? never : ofType;
  }
  const right = { type: type.name, operation, audience };
  const allows = access.allows.filter((rule) => isPossibleOn(naming.model, rule, right));
  return allows.length === 0 ? never : { kind: 'RULES', allows };
}

/** Whether the rules of the type decide alone. */
function isOpen(mode: Mode, operation: AccessOperation): boolean {
  return (
    mode.kind === 'TYPE' ||
    (mode.kind === 'RULES' && mode.allows.some((rule) => hasNoConditions(rule, operation)))
  );
}

function isGuarded({ guarded }: Naming, type: ModelType, field: Field): boolean {
  return !isInKey(type, field) && guarded.has(`${type.name}.${field.name}`);
}

/** The operations that need no rule of the field anymore. */
function opened({ type, field }: Side, cells: readonly Cell[]): readonly string[] {
  const open = cells.filter(
    ({ operation, before, after }) => after.kind === 'TYPE' && !isOpen(before, operation),
  );
  const operations = [...new Set(open.map(({ operation }) => operation))];
  if (operations.length === 0) return [];
  return [openFieldSentence({ type: type.name, field: field.name }, operations)];
}

/** The alternatives that are new or have other conditions. */
function permitted(
  { next, old }: Sides,
  cells: readonly Cell[],
): readonly Pick<AccessChange, 'summary' | 'widens'>[] {
  const changed = cells.flatMap((cell) => {
    const { operation, before, after } = cell;
    if (after.kind !== 'RULES') return [];
    const known = before.kind === 'RULES' ? before.allows : [];
    return after.allows.flatMap((rule) => {
      const conditions = ofSide(next, rule, operation);
      const earlier = known.map((each) => (old === null ? [] : ofSide(old, each, operation)));
      const isSame =
        earlier.some((each) => areEqual(each, conditions)) ||
        (before.kind === 'TYPE' && conditions.length === 0);
      if (isSame) return [];
      const isNarrower = before.kind === 'TYPE' || earlier.some((each) => imply(conditions, each));
      return [{ rule, cell, widens: !isNarrower }];
    });
  });
  return grouped(changed).map(({ rule, as, operations, widens }) => ({
    summary: allowSentence(next.naming.model, pathOf(next), rule, {
      tense: widens ? 'CAN_NOW' : 'CAN_STILL',
      operations,
      rows: 'ROWS_OF_TYPE',
      as,
    }),
    widens,
  }));
}

/** The operations and alternatives that are gone. */
function closed({ next, old }: Sides, cells: readonly Cell[]): readonly string[] {
  if (old === null) return [];
  const path = pathOf(next);
  const shut = byAudiences(
    cells.filter(({ before, after }) => after.kind === 'NEVER' && before.kind !== 'NEVER'),
  ).map(({ as, operations }) => {
    const isForAll = cells.every(
      (cell) => !operations.includes(cell.operation) || as.includes(cell.audience),
    );
    return closedFieldSentence(path, operations, isForAll ? null : as);
  });
  const lost = cells.flatMap((cell) => {
    const { operation, before, after } = cell;
    if (before.kind !== 'RULES' || after.kind !== 'RULES') return [];
    return before.allows.flatMap((rule) => {
      const conditions = ofSide(old, rule, operation);
      const isKept = after.allows.some((each) => imply(conditions, ofSide(next, each, operation)));
      return isKept ? [] : [{ rule, cell, widens: false }];
    });
  });
  const sentences = grouped(lost).map(({ rule, as, operations }) =>
    allowSentence(old.naming.model, pathOf(old), rule, {
      tense: 'CAN_NO_LONGER',
      operations,
      rows: 'ROWS_OF_TYPE',
      as,
    }),
  );
  return [...shut, ...sentences];
}

function presets({ next, old }: Sides): readonly Pick<AccessChange, 'summary' | 'widens'>[] {
  const preset = next.access?.preset ?? null;
  if (preset === null || old === null) return [];
  const before = old.access?.preset ?? null;
  const wasClosed = before === null && modeOf(old, 'CREATE', 'USER').kind === 'NEVER';
  if (
    before !== null &&
    presetKey(old.naming, old.type, before) === presetKey(next.naming, next.type, preset)
  )
    return [];
  return [
    {
      summary: presetSentence(next.type, next.field.name, preset),
      // The value of a preset is not compared.
      widens: before !== null || wasClosed,
    },
  ];
}

function signUps({ next, old }: Sides): readonly Pick<AccessChange, 'summary' | 'widens'>[] {
  const [before, after] = [old?.access?.isSignUp === true, next.access?.isSignUp === true];
  if (before === after) return [];
  const sentence = signUpSentence(next.type.name, next.field.name);
  return [{ summary: after ? sentence : `This no longer applies: ${sentence}`, widens: after }];
}

function ofSide({ naming, type }: Side, rule: AllowRule, operation: AccessOperation) {
  return conditionsOf(naming, rule, { type, operation });
}

function pathOf({ type, field }: Side) {
  return { type: type.name, field: field.name };
}

interface ChangedRule {
  readonly rule: AllowRule;
  readonly cell: Cell;
  readonly widens: boolean;
}

/** Groups the changes of a rule that a single sentence can describe. */
function grouped(changed: readonly ChangedRule[]) {
  const rules = [...new Set(changed.map(({ rule }) => rule))];
  return rules.flatMap((rule) =>
    [true, false].flatMap((widens) => {
      const of = changed.filter((each) => each.rule === rule && each.widens === widens);
      return byAudiences(of.map(({ cell }) => cell)).map((group) => ({ rule, widens, ...group }));
    }),
  );
}

import { assertNever } from '../../platform/assert-never.ts';
import {
  audiences,
  type AccessOperation,
  type AllowRule,
  type Audience,
  type Preset,
  type RequireRule,
  type RuleConditions,
} from '../sdl/access-model.ts';
import type { Model, ModelType } from '../sdl/model.ts';
import {
  claimPhrase,
  code,
  listed,
  literalText,
  referenceText,
  rowPhrase,
  textOf,
  userPhrase,
} from './condition-phrase.ts';
import { unchecked } from './filter-literals.ts';

// One or two English sentences for each rule of a schema, which the console and migration plans show.

/** How a sentence says that a right exists: as a fact, or as a change by a migration. */
export type Tense = 'CAN' | 'CAN_NOW' | 'CAN_STILL' | 'CAN_NO_LONGER';

export interface RulePlace {
  readonly type: string;
  /** Null for a rule of the type. */
  readonly field: string | null;
}

export interface SentenceOptions {
  /** @default CAN */
  readonly tense?: Tense;
  /** The operations to name. Default: those of the rule. */
  readonly operations?: readonly AccessOperation[];
  /** How to call the rows. */
  readonly rows?: 'ROWS' | 'ROWS_OF_TYPE';
  /** The audiences to name. Default: those of the rule. */
  readonly as?: readonly Audience[];
}

/** "Signed-in users can read rows where `ownerId` equals their `id`." */
export function allowSentence(
  model: Model,
  { type, field }: RulePlace,
  rule: AllowRule,
  { tense = 'CAN', operations = rule.to, rows = 'ROWS', as = [rule.as] }: SentenceOptions = {},
): string {
  const { where, ifs, after } = conditionsOf(model, type, rule, 'their');
  const kind = rows === 'ROWS' ? '' : ` of ${code(type)}`;
  const found = where === '' ? `any row${kind}` : `rows${kind} ${where}`;
  const object = field === null ? found : `${code(field)} in ${found}`;
  const verbs = listed(
    operations.map((operation) => (field === null ? verb : fieldVerb)(operation)),
    'and',
  );
  const subject = tense === 'CAN_NO_LONGER' ? exactSubject(as) : subjectOf(as);
  return `${subject} ${modals[tense]} ${verbs} ${object}${ifs}.${operations.includes('UPDATE') ? after : ''}`;
}

/** "Rows can be updated only where `locked` equals `false`." */
export function requireSentence(
  model: Model,
  type: string,
  rule: RequireRule,
  { operations = rule.to, rows = 'ROWS' }: Omit<SentenceOptions, 'tense'> = {},
): string {
  const { where, ifs, after } = conditionsOf(model, type, rule, "the caller's");
  const verbs = listed(operations.map(participle), 'and');
  const kind = rows === 'ROWS' ? 'Rows' : `Rows of ${code(type)}`;
  const only =
    where === '' && ifs === ''
      ? ''
      : where === ''
        ? ` only${ifs.slice(1)}`
        : ` only ${where}${ifs}`;
  return `${kind} can be ${verbs}${only}.${operations.includes('UPDATE') ? after : ''}`;
}

/** "When a row is created, `owner` is set to the caller's `id`. End users cannot write it." */
export function presetSentence(type: ModelType, name: string, { value, on }: Preset): string {
  const field = type.fields.find((each) => each.name === name);
  const isDate = field?.kind === 'VALUE' && field.type.name === 'Date';
  const to =
    value.kind === 'LITERAL'
      ? literalText(value)
      : referenceText(value.reference, { callers: "the caller's", isDate });
  const when = listed(
    on.map((operation) => participle(operation)),
    'or',
  );
  return `When a row is ${when}, ${code(name)} is set to ${to}. End users cannot write it.`;
}

export function privateSentence(field: string): string {
  return `End users can neither read nor write ${code(field)}.`;
}

export function guardedSentence(field: string): string {
  return `End users cannot write ${code(field)}, because rules read it to decide what the caller can do.`;
}

/** "New users can set `name` when they create their row in `User`." */
export function signUpSentence(type: string, field: string): string {
  return `New users can set ${code(field)} when they create their row in ${code(type)}.`;
}

/** "Callers who can read and update rows of `Post` can now read and change `title`." */
export function openFieldSentence(
  { type, field }: { readonly type: string; readonly field: string },
  operations: readonly AccessOperation[],
): string {
  const verbs = listed(operations.map(verb), 'and');
  const fieldVerbs = listed(operations.map(fieldVerb), 'and');
  return `Callers who can ${verbs} rows of ${code(type)} can now ${fieldVerbs} ${code(field)}.`;
}

/**
 * "Guests can no longer change `title` in rows of `Post`."
 *
 * @param as null for all callers with rules
 */
export function closedFieldSentence(
  { type, field }: { readonly type: string; readonly field: string },
  operations: readonly AccessOperation[],
  as: readonly Audience[] | null,
): string {
  const subject = as === null ? 'End users' : exactSubject(as);
  const verbs = listed(operations.map(fieldVerb), 'and');
  return `${subject} can no longer ${verbs} ${code(field)} in rows of ${code(type)}.`;
}

interface Conditions {
  /** `where …`, or nothing for all rows. */
  readonly where: string;
  /** `, if …`, or nothing. */
  readonly ifs: string;
  /** A sentence about the row after an update, or nothing. */
  readonly after: string;
}

function conditionsOf(
  model: Model,
  typeName: string,
  { where, check, user, claims }: RuleConditions,
  callers: string,
): Conditions {
  const { access } = model;
  const type = model.types.find(({ name }) => name === typeName);
  if (access === null || type === undefined) throw unchecked();
  const context = { model, callers };
  const ofRow = where === null ? null : rowPhrase(context, where, type);
  const ofUpdated = check === null ? null : rowPhrase(context, check, type);
  const claim = claims === null ? undefined : access.claimConditions[claims];
  const ofClaims = claim === undefined ? null : claimPhrase(context, access.claims, claim);
  const userType = model.types.find(({ name }) => name === access.userType);
  const ofUser =
    user === null || userType === undefined ? null : userPhrase(context, user, userType);
  const ifs = [
    ...(ofClaims === null ? [] : [textOf(ofClaims)]),
    ...(user === null
      ? []
      : [
          ofUser === null
            ? `${callers} row in ${code(userType?.name ?? '')} exists`
            : textOf(ofUser),
        ]),
  ];
  return {
    where: ofRow === null ? '' : `where ${textOf(ofRow)}`,
    ifs: ifs.length === 0 ? '' : `, if ${ifs.join(', and if ')}`,
    after:
      check === null
        ? ''
        : ofUpdated === null
          ? ' The updated row can have any values.'
          : ` The updated row must be one where ${textOf(ofUpdated)}.`,
  };
}

/** The widest of several audiences, which has the others. */
function subjectOf(as: readonly Audience[]): string {
  if (as.includes('PUBLIC')) return 'Everyone';
  return as.includes('GUEST') ? 'Guests and signed-in users' : 'Signed-in users';
}

/** Each of several audiences. */
function exactSubject(as: readonly Audience[]): string {
  const [first = '', ...others] = audiences
    .filter((audience) => as.includes(audience))
    .map((audience) => names[audience]);
  return listed([first.charAt(0).toUpperCase() + first.slice(1), ...others], 'and');
}

const names: Readonly<Record<Audience, string>> = {
  PUBLIC: 'signed-out callers',
  GUEST: 'guests',
  USER: 'signed-in users',
};

const modals: Readonly<Record<Tense, string>> = {
  CAN: 'can',
  CAN_NOW: 'can now',
  CAN_STILL: 'can still',
  CAN_NO_LONGER: 'can no longer',
};

function verb(operation: AccessOperation): string {
  return operation === 'LINK' ? 'link to' : operation.toLowerCase();
}

/** For the value of a field. `CREATE`: in a new row. */
function fieldVerb(operation: AccessOperation): string {
  switch (operation) {
    case 'CREATE':
      return 'set';
    case 'UPDATE':
      return 'change';
    case 'READ':
    case 'DELETE':
    case 'LINK':
      return verb(operation);
    default:
      return assertNever(operation);
  }
}

function participle(operation: AccessOperation): string {
  switch (operation) {
    case 'READ':
      return 'read';
    case 'LINK':
      return 'linked to';
    case 'CREATE':
    case 'UPDATE':
    case 'DELETE':
      return `${operation.toLowerCase()}d`;
    default:
      return assertNever(operation);
  }
}

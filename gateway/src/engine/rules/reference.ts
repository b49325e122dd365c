import type { ConstValueNode } from 'graphql';
import { isOwningSide } from '../api/model-index.ts';
import type { Reference, ReferenceNode } from '../sdl/access-model.ts';
import type { ModelType } from '../sdl/model.ts';
import type { OperandReference } from './filter-object.ts';
import { suggestion } from '../sdl/similar-names.ts';
import { isSameType, typeText, type OperandType, type RuleContext } from './rule-context.ts';

/** The operators whose operand can be a reference. */
const referenceOperators: ReadonlySet<string> = new Set([
  ...['eq', 'neq', 'in', 'notIn', 'lt', 'lte', 'gt', 'gte', 'has', 'hasSome'],
]);

/** The place of a reference. */
export interface ReferencePlace {
  readonly node: ConstValueNode;
  readonly type: OperandType;
  /** The row that `$row` refers to, or the reason why there is none. */
  readonly row: ModelType | string;
}

/** Reads the operand of an operator. @returns null if it is invalid; the diagnostic is in the bag */
export function readOperandReference(
  context: RuleContext,
  { operator, ...reference }: OperandReference,
  row: ReferencePlace['row'],
): ReferenceNode | null {
  if (!referenceOperators.has(operator)) {
    const what = `The operand of ${operator} cannot be the reference ${reference.text}.`;
    const hint = `References are possible with ${[...referenceOperators].join(', ')}. For text that begins with \`$\`, write \`$$\`.`;
    context.bag.report(reference.node, 'MISPLACED_REFERENCE', what, hint);
    return null;
  }
  return readReference(context, reference.text, { ...reference, row });
}

/** @returns null if the reference is invalid; the diagnostic is in the bag */
export function readReference(
  context: RuleContext,
  text: string,
  place: ReferencePlace,
): ReferenceNode | null {
  const { bag } = context;
  const [, of = '', name = ''] = /^\$(user|claims|row)\.([_A-Za-z]\w*)$/.exec(text) ?? [];
  const found =
    text === '$now'
      ? now(context, place)
      : of === 'user'
        ? ofUser(context, name, place)
        : of === 'claims'
          ? ofClaims(context, name, place)
          : of === 'row'
            ? ofRow(context, name, place)
            : unknown(context, text, place);
  if (found === null) return null;
  if (!isSameType(found.type, place.type)) {
    const expected = typeText(place.type);
    bag.report(place.node, 'BAD_REFERENCE_TYPE', text, typeText(found.type), expected);
    return null;
  }
  return { kind: 'REFERENCE', reference: found.reference };
}

interface Found {
  readonly reference: Reference;
  readonly type: OperandType;
}

/** The time is a DateTime, or today's date in UTC. */
function now({ bag }: RuleContext, { node, type }: ReferencePlace): Found | null {
  const { kind, name } = type.of;
  if (kind === 'SCALAR' && (name === 'DateTime' || name === 'Date') && !type.list) {
    return { reference: { of: 'NOW' }, type };
  }
  bag.report(node, 'BAD_REFERENCE_TYPE', '$now', 'DateTime or Date', typeText(type));
  return null;
}

function ofUser(context: RuleContext, field: string, { node }: ReferencePlace): Found | null {
  const { bag, userType } = context;
  if (userType === null) {
    bag.report(node, 'NO_USER_MODEL', `$user.${field}`);
    return null;
  }
  const type = columnType(context, userType, field, { node, text: `$user.${field}` });
  return type === null ? null : { reference: { of: 'USER', field }, type };
}

function ofRow(context: RuleContext, field: string, { node, row }: ReferencePlace): Found | null {
  if (typeof row === 'string') {
    const hint = 'Compare with a constant, `$user.…`, `$claims.…` or `$now`.';
    context.bag.report(node, 'MISPLACED_REFERENCE', `$row.${field} has no row here: ${row}.`, hint);
    return null;
  }
  const type = columnType(context, row, field, { node, text: `$row.${field}` });
  return type === null ? null : { reference: { of: 'ROW', field }, type };
}

function ofClaims(context: RuleContext, name: string, { node }: ReferencePlace): Found | null {
  const { bag, claims } = context;
  if (claims === null) {
    bag.report(node, 'NO_CLAIMS_TYPE', `$claims.${name}`);
    return null;
  }
  const claim = claims.get(name);
  if (claim === undefined) {
    const hint = suggestion(name, [...claims.keys()], 'Declared claims');
    bag.report(node, 'UNKNOWN_REFERENCE', `The claim ${name} is not declared.`, hint);
    return null;
  }
  return { reference: { of: 'CLAIM', name }, type: { of: claim.type, list: claim.list } };
}

/** The type of a column. Null if the name is not a column with a single value. */
function columnType(
  { api: { index }, bag }: RuleContext,
  type: ModelType,
  name: string,
  { node, text }: { readonly node: ConstValueNode; readonly text: string },
): OperandType | null {
  const column = index.column(type, name);
  if (column !== null && !column.list) return { of: column.type, list: false };
  const field = index.field(type, name);
  const [what, hint] =
    column !== null
      ? [`${text} is a list, but a reference has a single value.`, 'Refer to another field.']
      : field === null
        ? [
            `${type.name} has no field ${name}.`,
            suggestion(name, columnNames(type), `Fields of ${type.name}`),
          ]
        : [
            `${text} is a relation, but a reference is a value.`,
            isOwningSide(field)
              ? `Write ${field.key.map((key) => `\`${text.replace(name, key.name)}\``).join(' or ')}.`
              : `Write the condition as a filter on \`${name}\` instead.`,
          ];
  bag.report(node, 'UNKNOWN_REFERENCE', what, hint);
  return null;
}

function columnNames({ fields }: ModelType): readonly string[] {
  return fields.flatMap((field) => {
    if (isOwningSide(field)) return field.key.map(({ name }) => name);
    return field.kind === 'VALUE' && !field.list ? [field.name] : [];
  });
}

function unknown({ bag }: RuleContext, text: string, { node }: ReferencePlace): null {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  const hint = /^\$(?:user|claims|row)(?:$|\.)/.test(text)
    ? 'A reference has one field: `$user.id`, `$claims.role`, `$row.boardId`.'
    : 'References are `$user.<field>`, `$claims.<name>`, `$row.<field>` and `$now`. For text that begins with `$`, write `$$`.';
  bag.report(node, 'UNKNOWN_REFERENCE', `${short} is not a reference.`, hint);
  return null;
}

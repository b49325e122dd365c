import type { Subject } from '../../../src/engine/rules/subject.ts';
import type { AccessModel, Audience, FilterObject } from '../../../src/engine/sdl/access-model.ts';
import type { JsonValue, Model, ModelType, ValueType } from '../../../src/engine/sdl/model.ts';
import { matchesValue } from '../filter.ts';
import type { Input } from '../input.ts';
import type { Row } from '../row.ts';
import type { Store } from '../store.ts';
import { canonical, equalityText } from '../values.ts';
import { claimInput } from './literals.ts';

/** What is known of a caller to whom rules apply, evaluated value by value. */
export interface Caller {
  readonly subject: Subject;
  /** The caller's row in the `@user` model. */
  readonly row: Row | null;
  /** The claims that have a value of their type. */
  readonly claims: ReadonlyMap<string, JsonValue>;
  /** Whether each of `AccessModel.claimConditions` holds. */
  readonly held: readonly boolean[];
}

export function callerOf(store: Store, access: AccessModel, subject: Subject): Caller {
  const { model } = store.index;
  const claims = new Map<string, JsonValue>();
  for (const { name, type, list } of access.claims) {
    const value = subject.claims[name];
    const items = list ? value : [value];
    if (!Array.isArray(items) || !items.every((item) => isOfType(model, type, item))) continue;
    // The value consists of the scalars that were just checked.
    claims.set(name, canonical(type, value as JsonValue));
  }
  const held = access.claimConditions.map((condition) => holds(access, claims, condition, false));
  return { subject, row: callerRow(store, access, subject), claims, held };
}

/** The unique field by which the caller's row is found. Null if it is not one. */
export function userFieldOf(model: Model, { user }: Subject): string | null {
  const type = model.types.find(({ name }) => name === model.access?.userType);
  if (user === null || type === undefined) return null;
  const keys = [type.key, ...type.uniques].filter(({ columns }) => columns.length === 1);
  return keys.some(({ name }) => name === user.field) ? user.field : null;
}

function callerRow(store: Store, { userType }: AccessModel, subject: Subject): Row | null {
  const field = userFieldOf(store.index.model, subject);
  if (userType === null || field === null) return null;
  const type: ModelType = store.index.type(userType);
  const column = store.index.column(type, field);
  const value = subject.user?.value;
  if (column === null || value === undefined || !isKeyText(store.index.model, column.type, value))
    return null;
  const wanted = equalityText(column.type, value);
  return (
    store.all(userType).find((row) => equalityText(column.type, row[field] ?? null) === wanted) ??
    null
  );
}

/** Numbers identify a row only in the form in which the API returns them. */
function isKeyText(model: Model, type: ValueType, value: string): boolean {
  if (type.kind === 'SCALAR' && (type.name === 'Int' || type.name === 'BigInt')) {
    return /^(?:0|-?[1-9]\d*)$/.test(value);
  }
  return isOfType(model, type, value);
}

export function includes(as: Audience, audience: Audience): boolean {
  const audiences: readonly Audience[] = ['PUBLIC', 'GUEST', 'USER'];
  return audiences.indexOf(as) <= audiences.indexOf(audience);
}

/**
 * Whether a condition on claims holds. A comparison with a missing claim is false. Under `not`, it makes the whole
 * condition false.
 */
function holds(
  access: AccessModel,
  claims: ReadonlyMap<string, JsonValue>,
  condition: FilterObject,
  negated: boolean,
): boolean {
  return (
    namesUnderNot(condition, negated).every((name) => claims.has(name)) &&
    matchesClaims(access, claims, condition)
  );
}

function namesUnderNot({ fields }: FilterObject, negated: boolean): readonly string[] {
  return fields.flatMap(([name, node]) => {
    if (node.kind === 'LIST') return node.items.flatMap((item) => underNot(item, negated));
    if (name === 'not') return underNot(node, true);
    return negated ? [name] : [];
  });
}

function underNot(node: FilterObject['fields'][number][1], negated: boolean): readonly string[] {
  return node.kind === 'OBJECT' ? namesUnderNot(node, negated) : [];
}

function matchesClaims(
  access: AccessModel,
  claims: ReadonlyMap<string, JsonValue>,
  { fields }: FilterObject,
): boolean {
  return fields.every(([name, node]) => {
    const test = (each: typeof node) =>
      each.kind === 'OBJECT' && matchesClaims(access, claims, each);
    if (node.kind === 'LIST') {
      return name === 'or' ? node.items.some(test) : node.items.every(test);
    }
    if (name === 'not') return !test(node);
    const claim = access.claims.find((each) => each.name === name);
    if (claim === undefined || node.kind !== 'OBJECT') throw new Error(`Unknown claim ${name}.`);
    const filter: Input = claimInput(claim, node);
    return matchesValue(claim, claims.get(name) ?? null, filter);
  });
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The texts of each scalar that is written as a text. */
const texts: Readonly<Partial<Record<string, RegExp>>> = {
  String: /^[^]*$/,
  ID: uuid,
  UUID: uuid,
  DateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/,
  Date: /^\d{4}-\d\d-\d\d$/,
  Time: /^\d\d:\d\d:\d\d(?:\.\d+)?$/,
  Bytes: /^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/,
  BigInt: /^-?\d+$/,
  Decimal: /^-?\d+(?:\.\d+)?$/,
};

function isOfType({ enums }: Model, { kind, name }: ValueType, value: unknown): boolean {
  if (kind === 'ENUM') {
    const values = enums.find((each) => each.name === name)?.values ?? [];
    return values.some((each) => each.name === value);
  }
  if (name === 'Boolean') return typeof value === 'boolean';
  if (name === 'Int') return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31;
  if (name === 'Float') return Number.isFinite(value);
  const isNumber = typeof value === 'number' && (name === 'BigInt' || name === 'Decimal');
  if (typeof value !== 'string' && !isNumber) return false;
  return texts[name]?.test(String(value)) === true;
}

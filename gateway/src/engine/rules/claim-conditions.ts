import { isFilterOperator } from '../api/filter-operators.ts';
import { apiScalars } from '../api/scalars.ts';
import type { AccessModel, FilterNode, FilterObject } from '../sdl/access-model.ts';
import type { Model } from '../sdl/model.ts';
import { matches } from './claim-operators.ts';
import { literalValue, unchecked, type TypedValue } from './filter-literals.ts';

/** The claims of a caller that have a value of their type, as GraphQL coerces it. All other claims are missing. */
export type ClaimValues = ReadonlyMap<string, unknown>;

type Test = (values: ClaimValues) => boolean;

const testsOf = new WeakMap<AccessModel, readonly Test[]>();

/** Functions that report whether the model's claim conditions hold for a caller. They are created once for a model. */
export function claimTests(access: AccessModel): readonly Test[] {
  const known = testsOf.get(access);
  if (known !== undefined) return known;
  const tests = access.claimConditions.map((condition) => compileCondition(access, condition));
  testsOf.set(access, tests);
  return tests;
}

/** Null if a value from a token does not have the type. A single value is not a list. */
export function coerced(
  { enums }: Pick<Model, 'enums'>,
  { type, list }: TypedValue,
  value: unknown,
): unknown {
  if (list) {
    if (!Array.isArray(value)) return null;
    const items = value.map((item: unknown) => coerced({ enums }, { type, list: false }, item));
    return items.includes(null) ? null : items;
  }
  if (value === null || value === undefined) return null;
  if (type.kind === 'ENUM') {
    const values = enums.find(({ name }) => name === type.name)?.values ?? [];
    return values.some(({ name }) => name === value) ? value : null;
  }
  try {
    return apiScalars[type.name].parseValue(value);
  } catch {
    return null;
  }
}

interface Compiler {
  readonly access: AccessModel;
  /** The claims under a `not`. If one of them is missing, the condition does not hold. */
  readonly required: Set<string>;
}

function compileCondition(access: AccessModel, condition: FilterObject): Test {
  const compiler: Compiler = { access, required: new Set() };
  const test = testOf(compiler, condition, false);
  const required = [...compiler.required];
  return (values) => required.every((name) => values.has(name)) && test(values);
}

function testOf(compiler: Compiler, filter: FilterObject, negated: boolean): Test {
  const tests = filter.fields.map(([name, node]): Test => {
    switch (name) {
      case 'and':
        return all(itemsOf(node).map((item) => testOf(compiler, item, negated)));
      case 'or': {
        const alternatives = itemsOf(node).map((item) => testOf(compiler, item, negated));
        return (values) => alternatives.some((test) => test(values));
      }
      case 'not': {
        const test = testOf(compiler, objectOf(node), true);
        return (values) => !test(values);
      }
      default:
        if (negated) compiler.required.add(name);
        return claimTest(compiler, name, objectOf(node));
    }
  });
  return all(tests);
}

function all(tests: readonly Test[]): Test {
  return (values) => tests.every((test) => test(values));
}

function itemsOf(node: FilterNode): readonly FilterObject[] {
  if (node.kind !== 'LIST') throw unchecked();
  return node.items.map(objectOf);
}

function objectOf(node: FilterNode): FilterObject {
  if (node.kind !== 'OBJECT') throw unchecked();
  return node;
}

/** The operators of one claim, such as `{ in: [ADMIN] }`. */
function claimTest({ access }: Compiler, name: string, { fields }: FilterObject): Test {
  const claim = access.claims.find((each) => each.name === name);
  if (claim === undefined) throw unchecked();
  const operands = fields.map(([operator, node]) => {
    if (!isFilterOperator(operator) || node.kind !== 'LITERAL') throw unchecked();
    return { operator, operand: literalValue(node, claim, operator) };
  });
  const insensitive = operands.some(({ operand }) => operand === 'INSENSITIVE');
  return (values) => {
    const value = values.get(name);
    return operands.every(({ operator, operand }) =>
      matches({ claim, value, operator, operand, insensitive }),
    );
  };
}

import { Kind, type ConstDirectiveNode, type ConstValueNode } from 'graphql';
import type { DiagnosticBag } from './diagnostic-bag.ts';
import type { OnDelete, StringFormat } from './model.ts';

const onDeleteActions: readonly OnDelete[] = ['RESTRICT', 'CASCADE', 'SET_NULL'];
export const stringFormats: readonly StringFormat[] = [
  'EMAIL',
  'URL',
  'SLUG',
  'PHONE',
  'HEX_COLOR',
];

interface ArgumentKind {
  readonly expected: string;
  readonly accepts: (value: ConstValueNode) => boolean;
}

const kinds = {
  NAME: {
    expected: 'a name in quotes, such as "issues"',
    accepts: (value) => value.kind === Kind.STRING && isName(value.value),
  },
  NAMES: {
    expected: 'a list of names in quotes, such as ["board", "number"]',
    accepts: (value) =>
      value.kind === Kind.LIST && value.values.length > 0 && value.values.every(kindIsName),
  },
  TEXT: { expected: 'a text in quotes', accepts: (value) => value.kind === Kind.STRING },
  INT: {
    expected: 'a whole number from 0 to 2147483647',
    accepts: (value) => value.kind === Kind.INT && inRange(value.value),
  },
  NUMBER: {
    expected: 'a number; in quotes if it has many digits',
    accepts: ({ kind }) => kind === Kind.INT || kind === Kind.FLOAT || kind === Kind.STRING,
  },
  VALUE: { expected: 'a value', accepts: () => true },
  ON_DELETE: oneOf(onDeleteActions),
  FORMAT: oneOf(stringFormats),
} as const satisfies Record<string, ArgumentKind>;

interface DirectiveSignature {
  readonly repeatable?: true;
  readonly required?: Readonly<Record<string, keyof typeof kinds>>;
  readonly optional?: Readonly<Record<string, keyof typeof kinds>>;
}

type Signatures = Readonly<Record<string, DirectiveSignature>>;

export const typeDirectives = {
  model: { optional: { plural: 'NAME', maxPageSize: 'INT' } },
  unique: { repeatable: true, required: { fields: 'NAMES' } },
  index: { repeatable: true, required: { fields: 'NAMES' } },
  rename: { required: { from: 'NAME' } },
} as const satisfies Signatures;

export const fieldDirectives = {
  id: {},
  default: { required: { value: 'VALUE' } },
  createdAt: {},
  updatedAt: {},
  unique: {},
  relation: { optional: { name: 'NAME', onDelete: 'ON_DELETE' } },
  constraint: {
    optional: {
      minLength: 'INT',
      maxLength: 'INT',
      pattern: 'TEXT',
      min: 'NUMBER',
      max: 'NUMBER',
      format: 'FORMAT',
    },
  },
  rename: { required: { from: 'NAME' } },
} as const satisfies Signatures;

/** The directives of one place that may stand there; arguments that are wrong are left out. */
export interface DirectiveUses<Name extends string> {
  has(name: Name): boolean;
  first(name: Name): DirectiveUse | undefined;
  every(name: Name): readonly DirectiveUse[];
}

export interface DirectiveUse {
  readonly node: ConstDirectiveNode;
  argument(name: string): ConstValueNode | undefined;
  /** The text of a name, text, number or enum argument. */
  text(name: string): string | null;
  /** The texts of a list of names. */
  texts(name: string): readonly string[];
}

export function readDirectives<Known extends Signatures>(
  nodes: readonly ConstDirectiveNode[],
  signatures: Known,
  bag: DiagnosticBag,
): DirectiveUses<Extract<keyof Known, string>> {
  const uses: DirectiveUse[] = [];
  const seen = new Set<string>();
  for (const node of nodes) {
    const name = node.name.value;
    const signature = Object.hasOwn(signatures, name) ? signatures[name] : undefined;
    if (signature === undefined) {
      bag.report(
        node,
        'UNKNOWN_DIRECTIVE',
        name,
        Object.keys(signatures).map((known) => `@${known}`),
      );
    } else if (seen.has(name) && signature.repeatable !== true) {
      bag.report(node, 'DUPLICATE_DIRECTIVE', name);
    } else {
      uses.push(directiveUse(node, readArguments(node, signature, bag)));
    }
    seen.add(name);
  }
  const every = (name: string) => uses.filter((use) => use.node.name.value === name);
  return { every, first: (name) => every(name)[0], has: (name) => every(name).length > 0 };
}

/** The arguments that are right; the bag tells of the others. */
function readArguments(
  node: ConstDirectiveNode,
  { required = {}, optional = {} }: DirectiveSignature,
  bag: DiagnosticBag,
): ReadonlyMap<string, ConstValueNode> {
  const directive = node.name.value;
  const known: Readonly<Record<string, keyof typeof kinds>> = { ...required, ...optional };
  const right = new Map<string, ConstValueNode>();
  const seen = new Set<string>();
  for (const argument of node.arguments ?? []) {
    const name = argument.name.value;
    const kind = Object.hasOwn(known, name) ? known[name] : undefined;
    if (kind === undefined || seen.has(name)) {
      bag.report(argument, 'UNKNOWN_ARGUMENT', directive, name, Object.keys(known));
    } else if (kinds[kind].accepts(argument.value)) {
      right.set(name, argument.value);
    } else {
      bag.report(argument.value, 'BAD_ARGUMENT', directive, name, kinds[kind].expected);
    }
    seen.add(name);
  }
  for (const name of Object.keys(required)) {
    if (!seen.has(name)) bag.report(node, 'MISSING_ARGUMENT', directive, name);
  }
  return right;
}

function directiveUse(
  node: ConstDirectiveNode,
  values: ReadonlyMap<string, ConstValueNode>,
): DirectiveUse {
  return {
    node,
    argument: (name) => values.get(name),
    text: (name) => textOf(values.get(name)),
    texts: (name) => {
      const value = values.get(name);
      return value?.kind === Kind.LIST ? value.values.flatMap((item) => textOf(item) ?? []) : [];
    },
  };
}

function textOf(value: ConstValueNode | undefined): string | null {
  return value !== undefined && 'value' in value ? String(value.value) : null;
}

function isName(text: string): boolean {
  return /^[_A-Za-z][_0-9A-Za-z]*$/.test(text);
}

function kindIsName(value: ConstValueNode): boolean {
  return value.kind === Kind.STRING && isName(value.value);
}

function inRange(text: string): boolean {
  return Number(text) >= 0 && Number(text) <= 2_147_483_647;
}

function oneOf(names: readonly string[]): ArgumentKind {
  return {
    expected: names.join(', '),
    accepts: (value) => value.kind === Kind.ENUM && names.includes(value.value),
  };
}

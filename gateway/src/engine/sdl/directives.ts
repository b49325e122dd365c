import {
  DEFAULT_DEPRECATION_REASON,
  type ASTNode,
  type ConstDirectiveNode,
  type ConstValueNode,
} from 'graphql';
import { argumentTypes, type ArgumentTypeName } from './argument-types.ts';
import type { DiagnosticBag } from './diagnostic-bag.ts';

export interface DirectiveSignature {
  readonly repeatable?: true;
  readonly required?: Readonly<Record<string, ArgumentTypeName>>;
  readonly optional?: Readonly<Record<string, ArgumentTypeName>>;
  /** The defaults of optional arguments in the published definitions, as GraphQL literals. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** The fields that can have the directive: scalar and enum fields, relation fields, or both. */
  readonly on?: 'VALUES' | 'RELATIONS' | 'ALL';
}

type FieldSignature = DirectiveSignature & Required<Pick<DirectiveSignature, 'on'>>;

type Signatures = Readonly<Record<string, DirectiveSignature>>;

const deprecatedSignature = {
  optional: { reason: 'TEXT' },
  defaults: { reason: JSON.stringify(DEFAULT_DEPRECATION_REASON) },
} as const;

/** What decides whether a rule permits an operation. */
const conditions = {
  where: 'ROW_FILTER',
  check: 'ROW_FILTER',
  user: 'ROW_FILTER',
  claims: 'CLAIM_FILTER',
} as const;

const allow = {
  repeatable: true,
  required: { to: 'ACCESS_OPERATIONS' },
  optional: { as: 'AUDIENCE', ...conditions },
  defaults: { as: 'USER' },
} as const;

export const typeDirectives = {
  id: { required: { fields: 'NAMES' } },
  model: { optional: { plural: 'NAME', maxPageSize: 'INT' } },
  unique: { repeatable: true, required: { fields: 'NAMES' } },
  index: { repeatable: true, required: { fields: 'NAMES' } },
  rename: { required: { from: 'TYPE_OR_LIST' } },
  deprecated: deprecatedSignature,
  user: {},
  claims: {},
  allow,
  require: { repeatable: true, required: { to: 'ACCESS_OPERATIONS' }, optional: conditions },
} as const satisfies Signatures;

export const fieldDirectives = {
  id: { on: 'ALL', optional: { generate: 'KEY_GENERATOR' } },
  default: { on: 'VALUES', optional: { value: 'VALUE', generate: 'GENERATOR' } },
  createdAt: { on: 'VALUES' },
  updatedAt: { on: 'VALUES' },
  unique: { on: 'ALL' },
  relation: {
    on: 'RELATIONS',
    optional: {
      name: 'TEXT',
      onDelete: 'ON_DELETE',
      key: 'NAME_OR_NAMES',
      references: 'NAME_OR_NAMES',
    },
  },
  constraint: {
    on: 'VALUES',
    optional: {
      minLength: 'INT',
      maxLength: 'INT',
      pattern: 'TEXT',
      min: 'NUMBER',
      max: 'NUMBER',
      format: 'FORMAT',
    },
  },
  decimal: { on: 'VALUES', required: { precision: 'INT', scale: 'INT' } },
  rename: { on: 'ALL', required: { from: 'NAME' } },
  deprecated: { on: 'ALL', ...deprecatedSignature },
  backfill: {
    on: 'ALL',
    optional: { value: 'VALUE', from: 'NAME', generate: 'GENERATOR' },
  },
  allow: { on: 'ALL', ...allow },
  preset: {
    on: 'ALL',
    required: { value: 'PRESET_VALUE' },
    optional: { on: 'PRESET_OPERATIONS' },
    defaults: { on: '[CREATE]' },
  },
  private: { on: 'ALL' },
  signUp: { on: 'ALL' },
} as const satisfies Readonly<Record<string, FieldSignature>>;

/** Enums cannot have directives. */
export const enumDirectives = {} as const satisfies Signatures;

export const enumValueDirectives = {
  rename: { required: { from: 'NAME' } },
  deprecated: deprecatedSignature,
} as const satisfies Signatures;

export type TypeDirectives = DirectiveUses<typeof typeDirectives>;
export type FieldDirectives = DirectiveUses<typeof fieldDirectives>;
export type EnumValueDirectives = DirectiveUses<typeof enumValueDirectives>;

/** The valid directives of one definition, without their invalid arguments. */
export interface DirectiveUses<Known extends Signatures> {
  readonly all: readonly DirectiveUse<NameOf<Known>>[];
  has(name: NameOf<Known>): boolean;
  first<Name extends NameOf<Known>>(name: Name): UseOf<Known, Name> | undefined;
  every<Name extends NameOf<Known>>(name: Name): readonly UseOf<Known, Name>[];
}

export interface DirectiveUse<Name extends string = string, Arguments = unknown> {
  readonly name: Name;
  readonly node: ConstDirectiveNode;
  /** Null if the argument is missing or invalid. */
  value<Argument extends keyof Arguments>(name: Argument): Arguments[Argument] | null;
  /** The node of the argument's value, or the directive's node if the argument is missing. */
  at(name: keyof Arguments): ASTNode;
}

type NameOf<Known> = Extract<keyof Known, string>;

/** A use of `@allow`, on a type or on a field. */
export type AllowUse = UseOf<typeof typeDirectives, 'allow'>;
/** A use of `@allow` or `@require`. */
export type RuleUse = DirectiveUse<
  'allow' | 'require',
  ArgumentsOf<(typeof typeDirectives)['require']>
>;

type UseOf<Known, Name extends NameOf<Known>> = DirectiveUse<Name, ArgumentsOf<Known[Name]>>;

type ArgumentsOf<Signature> = ValuesOf<
  (Signature extends { readonly required: infer Required } ? Required : unknown) &
    (Signature extends { readonly optional: infer Optional } ? Optional : unknown)
>;

type ValuesOf<Arguments> = {
  readonly [Name in keyof Arguments]: Arguments[Name] extends ArgumentTypeName
    ? NonNullable<ReturnType<(typeof argumentTypes)[Arguments[Name]]['read']>>
    : never;
};

export function readDirectives<Known extends Signatures>(
  nodes: readonly ConstDirectiveNode[],
  signatures: Known,
  bag: DiagnosticBag,
): DirectiveUses<Known> {
  const isKnown = (name: string): name is NameOf<Known> => Object.hasOwn(signatures, name);
  const all: DirectiveUse<NameOf<Known>>[] = [];
  const seen = new Set<string>();
  for (const node of nodes) {
    const name = node.name.value;
    const signature = isKnown(name) ? signatures[name] : undefined;
    if (!isKnown(name) || signature === undefined) {
      const known = Object.keys(signatures).map((directive) => `@${directive}`);
      bag.report(node, 'UNKNOWN_DIRECTIVE', name, known);
    } else if (seen.has(name) && signature.repeatable !== true) {
      bag.report(node, 'DUPLICATE_DIRECTIVE', name);
    } else {
      all.push(directiveUse(name, node, readArguments(node, signature, bag)));
    }
    seen.add(name);
  }
  const every = <Name extends NameOf<Known>>(name: Name) =>
    // Each directive's arguments were read according to the signature for the directive's name.
    all.filter((use) => use.name === name) as unknown as readonly UseOf<Known, Name>[];
  return { all, every, first: (name) => every(name)[0], has: (name) => every(name).length > 0 };
}

/**
 * Reports directives that are valid only on the kind of field that `on` specifies. `why` is the reason given in the
 * message.
 */
export function refuseMisplaced(
  directives: FieldDirectives,
  on: 'VALUES' | 'RELATIONS',
  why: string,
  bag: DiagnosticBag,
): void {
  for (const { name, node } of directives.all) {
    if (fieldDirectives[name].on === on) bag.report(node, 'DIRECTIVE_MISPLACED', name, why);
  }
}

interface Deprecatable {
  first(name: 'deprecated'): DirectiveUse<'deprecated', { readonly reason: string }> | undefined;
}

/** The reason of `@deprecated`. Null if there is no `@deprecated`. */
export function deprecationOf(directives: Deprecatable): string | null {
  const use = directives.first('deprecated');
  return use === undefined ? null : (use.value('reason') ?? DEFAULT_DEPRECATION_REASON);
}

interface ArgumentUse {
  readonly node: ConstValueNode;
  readonly value: unknown;
}

/** Returns the valid arguments and reports the others. */
function readArguments(
  node: ConstDirectiveNode,
  { required = {}, optional = {} }: DirectiveSignature,
  bag: DiagnosticBag,
): ReadonlyMap<string, ArgumentUse> {
  const directive = node.name.value;
  const known: Readonly<Record<string, ArgumentTypeName>> = { ...required, ...optional };
  const right = new Map<string, ArgumentUse>();
  const seen = new Set<string>();
  for (const argument of node.arguments ?? []) {
    const name = argument.name.value;
    const type = Object.hasOwn(known, name) ? known[name] : undefined;
    if (type === undefined || seen.has(name)) {
      bag.report(argument, 'UNKNOWN_ARGUMENT', directive, name, Object.keys(known));
    } else {
      const { expected, read } = argumentTypes[type];
      const value = read(argument.value);
      if (value === null) bag.report(argument.value, 'BAD_ARGUMENT', directive, name, expected);
      else right.set(name, { node: argument.value, value });
    }
    seen.add(name);
  }
  for (const name of Object.keys(required)) {
    if (!seen.has(name)) bag.report(node, 'MISSING_ARGUMENT', directive, name);
  }
  return right;
}

function directiveUse<Name extends string>(
  name: Name,
  node: ConstDirectiveNode,
  values: ReadonlyMap<string, ArgumentUse>,
): DirectiveUse<Name> {
  return {
    name,
    node,
    value: (argument) => values.get(argument)?.value ?? null,
    at: (argument) => values.get(argument)?.node ?? node,
  };
}

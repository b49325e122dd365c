import { specifiedScalarTypes } from 'graphql';
import {
  argumentEnums,
  argumentScalars,
  graphqlTypeOf,
  type ArgumentTypeName,
} from './argument-types.ts';
import {
  enumValueDirectives,
  fieldDirectives,
  typeDirectives,
  type DirectiveSignature,
} from './directives.ts';
import { scalarNames, scalars } from './scalars.ts';

/** All signatures of a directive, by the GraphQL location at which each applies. */
const places = {
  OBJECT: typeDirectives,
  FIELD_DEFINITION: fieldDirectives,
  ENUM_VALUE: enumValueDirectives,
} as const;

type DirectiveName = {
  [Place in keyof typeof places]: keyof (typeof places)[Place];
}[keyof typeof places];

type ArgumentOf<Signature> =
  | (Signature extends { readonly required: infer Required } ? keyof Required : never)
  | (Signature extends { readonly optional: infer Optional } ? keyof Optional : never);

type ArgumentName<Name extends DirectiveName> = {
  [Place in keyof typeof places]: Name extends keyof (typeof places)[Place]
    ? ArgumentOf<(typeof places)[Place][Name]>
    : never;
}[keyof typeof places];

type Abouts = {
  readonly [Name in DirectiveName]: Readonly<Record<'' | ArgumentName<Name>, string>>;
};

const conditionAbouts = {
  where: 'Conditions on the row. For CREATE, on the row as it will be written.',
  check: 'Conditions on the row after an UPDATE. Default: the conditions of `where`.',
  user: "Conditions on the caller's own row in the @user model.",
  claims: "Conditions on the claims of the caller's token.",
} as const;

/** The descriptions of the directives (under the empty name) and of their arguments. */
const abouts: Abouts = {
  model: {
    '': 'Creates a table for the type, with queries and mutations.',
    plural: 'The plural name in the API, if the generated one is wrong.',
    maxPageSize: 'The largest number of rows in a page, from 1 to 1000. Default: 100.',
  },
  id: {
    '': 'The primary key: a field, or several fields of the type.',
    fields: 'On a type: the names of the fields and relations of the key.',
    generate: 'On a field: how to make the keys of rows that are created without one.',
  },
  unique: {
    '': 'No two rows can have the same values. On a relation field, this makes the relation one-to-one.',
    fields: 'On a type: the names of the fields of the key. A relation stands for its foreign key.',
  },
  index: {
    '': 'Speeds up filtering and sorting by these fields. Foreign keys are always indexed.',
    fields: 'The names of the fields, in order.',
  },
  default: {
    '': 'The value of new rows that have none, and of existing rows when the field is added. Set one of the arguments.',
    value: 'A value of the type of the field.',
    generate: 'How to make a value for each row.',
  },
  createdAt: { '': 'The time at which the row was created. Callers cannot set it.' },
  updatedAt: { '': 'The time at which the row was last updated. Callers cannot set it.' },
  relation: {
    '': 'Pairs the two sides of a relation, and describes its foreign key.',
    name: 'The same text on both sides, if there are several relations between two types.',
    onDelete:
      'On the owning side: what happens when the referenced row is deleted. Default: RESTRICT.',
    key: 'The names of the foreign key in the API.',
    references:
      'The fields of a unique key that the foreign key references, instead of the primary key.',
  },
  constraint: {
    '': 'Rules that the API and the database check on every write.',
    minLength: 'The smallest number of characters.',
    maxLength: 'The largest number of characters.',
    pattern: 'A regular expression for the whole text.',
    min: 'The smallest number.',
    max: 'The largest number.',
    format: 'A predefined format for a String.',
  },
  decimal: {
    '': 'The digits of a Decimal. Values with more digits are rejected.',
    precision: 'The number of all digits, from 1 to 100.',
    scale: 'The number of digits after the decimal point.',
  },
  rename: {
    '': 'Renames a type, a field or an enum value, and keeps its data.',
    from: 'The name in the current schema.',
  },
  deprecated: {
    '': 'Marks a type, a field or an enum value that callers should not use anymore.',
    reason: 'Why, and what to use instead.',
  },
  backfill: {
    '': 'The value of existing rows when the field is added or becomes required. Set one of the arguments.',
    value: 'A value of the type of the field.',
    from: 'The name of another field of the type, whose value is copied.',
    generate: 'How to make a value for each row.',
  },
  user: { '': "The rows of this model are the project's end users. One model can have it." },
  claims: {
    '': 'A type without a table. Its fields are the claims of tokens that rules can use.',
  },
  allow: {
    '': 'Permits operations to end users. On a type, the rules are alternatives. On a field, the rules permit exactly their operations, within those of the type.',
    to: 'The operations.',
    as: 'The callers.',
    ...conditionAbouts,
  },
  require: {
    '': 'Conditions that must also hold for operations that @allow permits.',
    to: 'The operations.',
    ...conditionAbouts,
  },
  preset: {
    '': 'The value that the field gets when an end user writes a row. End users cannot set it.',
    value: 'A value of the type of the field, or a reference such as "$user.id".',
    on: 'When the value is set.',
  },
  private: { '': 'Hides the field from end users. Rules can use it.' },
  signUp: { '': 'A field of the @user model that a new user can set with createMe.' },
};

const enumAbouts: Readonly<Record<string, string>> = {
  OnDelete: 'What happens to a row when the row that it references is deleted.',
  KeyGenerator: 'How the keys of new rows are made. NONE: callers set them.',
  Generator: 'How a value is made for each row.',
  StringFormat: 'A predefined format for a String.',
  Audience:
    'The callers of a rule. PUBLIC: everyone. GUEST: signed in, also with an anonymous account. USER: signed in with a real account.',
  AccessOperation:
    'What a rule permits. LINK: other rows can refer to the row. Without rules for LINK, READ permits it.',
  PresetOperation: 'When a preset value is set.',
};

/**
 * The directives, their enums and the scalars of the schema language as GraphQL SDL, for editors and other tools that
 * read a project's SDL.
 */
export function printSchemaLanguage(): string {
  const builtIn = new Set(specifiedScalarTypes.map(({ name }) => name));
  const parts = [
    ...Object.keys(abouts).map((name) => printDirective(name as DirectiveName)),
    ...[...argumentEnums].map(([name, values]) => printEnum(name, values)),
    ...scalarNames
      .filter((name) => !builtIn.has(name))
      .map((name) => printScalar(name, sentence(scalars[name].expected))),
    ...Object.entries(argumentScalars).map(([name, about]) => printScalar(name, about)),
  ];
  return parts.join('\n');
}

function printDirective(name: DirectiveName): string {
  const uses = Object.entries(places).flatMap(([place, signatures]) => {
    const known: Readonly<Record<string, DirectiveSignature>> = signatures;
    const signature = known[name];
    return signature === undefined ? [] : [{ place, signature }];
  });
  const types = new Map<string, ArgumentTypeName>();
  for (const { signature } of uses) {
    for (const [argument, type] of Object.entries({
      ...signature.required,
      ...signature.optional,
    })) {
      types.set(argument, type);
    }
  }
  const isRequired = (argument: string) =>
    uses.every(({ signature: { required = {} } }) => Object.hasOwn(required, argument));
  const about: Readonly<Record<string, string>> = abouts[name];
  const lines = [...types].map(([argument, type]) => {
    const mark = isRequired(argument) ? '!' : '';
    const value = uses.map(({ signature }) => signature.defaults?.[argument]).find(Boolean);
    const preset = value === undefined ? '' : ` = ${value}`;
    const text = about[argument] ?? '';
    return `${describe(text, '  ')}  ${argument}: ${graphqlTypeOf(type)}${mark}${preset}\n`;
  });
  const list = lines.length === 0 ? '' : `(\n${lines.join('')})`;
  const repeatable = uses.some(({ signature }) => signature.repeatable) ? ' repeatable' : '';
  const locations = uses.map(({ place }) => place).join(' | ');
  return `${describe(about[''] ?? '')}directive @${name}${list}${repeatable} on ${locations}\n`;
}

function printEnum(name: string, values: readonly string[]): string {
  const lines = values.map((value) => `  ${value}\n`);
  return `${describe(enumAbouts[name] ?? '')}enum ${name} {\n${lines.join('')}}\n`;
}

function printScalar(name: string, about: string): string {
  return `${describe(about)}scalar ${name}\n`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function describe(text: string, indent = ''): string {
  return `${indent}"""${text.replaceAll('"', "'")}"""\n`;
}

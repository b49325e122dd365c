import {
  execute,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  visit,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
} from 'graphql';
import { bindingOf, type Binding } from '../../src/engine/api/bindings.ts';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import type { ModelType } from '../../src/engine/sdl/model.ts';
import { asInput, type Input } from './input.ts';
import { Undecided } from './undecided.ts';
import { matchesLike } from './values.ts';

export interface Operation {
  readonly document: DocumentNode;
  readonly variables: Input;
}

/**
 * What the contract forbids in arguments that GraphQL's types allow, wherever they stand in what is
 * selected: every field is visited once, as if each relation led to exactly one row.
 *
 * @throws Undecided where all that is wrong is the size or a cursor of a page that nobody asks for
 * @param isCursor is it a cursor of this type in this order?
 */
export function findBadArguments(
  { index, schema }: ProjectApi,
  { document, variables }: Operation,
  isCursor: (cursor: string, type: ModelType, orderBy: unknown) => boolean,
): readonly string[] {
  const issues: string[] = [];
  let unheard = false;
  const visitField: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, info) => {
    const field = info.parentType.getFields()[info.fieldName];
    if (field === undefined) throw new Error(`There is no ${info.fieldName}.`);
    for (const argument of field.args) {
      const value: unknown = asInput(args)[argument.name];
      const isWhere = argument.name === 'where';
      if (isWhere && value === null) issues.push('where is null');
      if (!isWhere && argument.name !== 'orderBy') continue;
      if (namesAbsentVariable(info, argument.name)) issues.push('a variable is absent');
      if (value != null) issues.push(...badParts(argument.type, value));
    }
    const binding = bindingOf(field);
    const pending = source instanceof Ghost ? source.pageIssues : [];
    if (binding.kind === 'EDGES' || binding.kind === 'NODES') issues.push(...pending);
    const target = targetOf(binding, (name) => index.type(name));
    const pageIssues = target === null ? [] : badPage(target, asInput(args), isCursor);
    unheard ||= pageIssues.length > 0;
    issues.push(...(target === null ? [] : badCombination(asInput(args))));
    return ghost(info.returnType, pageIssues);
  };
  const { errors } = execute({
    schema,
    document,
    rootValue: {},
    variableValues: variables,
    fieldResolver: visitField,
  }) as { readonly errors?: readonly Error[] };
  const found = [...issues, ...(errors ?? []).map(({ message }) => message)];
  if (unheard && found.length === 0) throw new Undecided();
  return found;
}

/** Of which type a connection shows rows; null for other fields. */
function targetOf(binding: Binding, type: (name: string) => ModelType): ModelType | null {
  if (binding.kind === 'ROOT' && binding.operation === 'FIND_MANY') return binding.type;
  return binding.kind === 'TO_MANY' ? type(binding.field.target) : null;
}

/** Stands for any object. */
class Ghost {
  /** Of a connection: what is wrong with its page, should anybody ask for that. */
  readonly pageIssues: readonly string[];

  constructor(pageIssues: readonly string[]) {
    this.pageIssues = pageIssues;
  }
}

function ghost(type: GraphQLOutputType, pageIssues: readonly string[]): unknown {
  if (isNonNullType(type)) return ghost(type.ofType, pageIssues);
  if (isListType(type)) return [ghost(type.ofType, pageIssues)];
  const named = getNamedType(type);
  if (isObjectType(named)) return new Ghost(pageIssues);
  if (isEnumType(named)) return named.getValues()[0]?.value;
  if (!isLeafType(named)) throw new Error(`The API has no ${named.name}.`);
  return named.name === 'Boolean' ? false : '0';
}

/** Within the argument: a variable for the whole of it is another matter. */
function namesAbsentVariable(info: GraphQLResolveInfo, name: string): boolean {
  const values = info.fieldNodes.flatMap(
    (node) => node.arguments?.find((each) => each.name.value === name)?.value ?? [],
  );
  let absent = false;
  for (const value of values.filter(({ kind }) => kind !== Kind.VARIABLE)) {
    visit(value, {
      Variable: (node) => {
        absent ||= !Object.hasOwn(info.variableValues, node.name.value);
      },
    });
  }
  return absent;
}

/** Nulls, patterns that end early, and entries of an order without their one key. */
function badParts(type: GraphQLInputType, value: unknown): readonly string[] {
  if (isNonNullType(type)) return badParts(type.ofType, value);
  if (value === null) return ['an operand is null'];
  if (isListType(type)) {
    return (Array.isArray(value) ? value : [value]).flatMap((item) => badParts(type.ofType, item));
  }
  if (!isInputObjectType(type)) return [];
  const fields = type.getFields();
  const entries = Object.entries(asInput(value));
  return [
    ...(type.name.endsWith('OrderByInput') && entries.length !== 1 ? ['not one key'] : []),
    ...entries.flatMap(([name, item]) => {
      const field = fields[name];
      if (field === undefined) throw new Error(`${type.name} has no ${name}.`);
      const isPattern = (name === 'like' || name === 'ilike') && typeof item === 'string';
      if (isPattern && matchesLike('', item) === null) return ['a pattern ends early'];
      return badParts(field.type, item);
    }),
  ];
}

function badCombination({ first, last, after, before, offset }: Input): readonly string[] {
  const both = first != null && last != null;
  const mixed = offset != null && (last ?? after ?? before) != null;
  return [...(both ? ['first and last'] : []), ...(mixed ? ['an offset beside a cursor'] : [])];
}

function badPage(
  type: ModelType,
  { first, last, after, before, offset, orderBy }: Input,
  isCursor: (cursor: string, type: ModelType, orderBy: unknown) => boolean,
): readonly string[] {
  const isSize = (value: unknown) =>
    value == null || (typeof value === 'number' && value >= 0 && value <= type.maxPageSize);
  const cursors = [after, before].filter((cursor) => typeof cursor === 'string');
  const isOffset = offset == null || (typeof offset === 'number' && offset >= 0);
  return [
    ...(isSize(first) && isSize(last) ? [] : ['a page has no such size']),
    ...(isOffset ? [] : ['there is no such offset']),
    ...(cursors.every((cursor) => isCursor(cursor, type, orderBy)) ? [] : ['a foreign cursor']),
  ];
}

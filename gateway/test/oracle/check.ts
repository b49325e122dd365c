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
  OperationTypeNode,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLArgument,
  type GraphQLFieldResolver,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
} from 'graphql';
import { bindingOf, type Binding } from '../../src/engine/api/bindings.ts';
import type { ModelIndex } from '../../src/engine/api/model-index.ts';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import type { ModelType } from '../../src/engine/sdl/model.ts';
import { badWrite } from './check-write.ts';
import { asInput, type Input } from './input.ts';
import { Undecided } from './undecided.ts';
import { matchesLike } from './values.ts';

export interface Operation {
  readonly document: DocumentNode;
  readonly variables: Input;
}

type IsCursor = (cursor: string, type: ModelType, orderBy: unknown) => boolean;

/**
 * Searches the whole selection for arguments that GraphQL's types allow but the API rejects. Every field is visited
 * once, as if each relation had exactly one row.
 * @throws Undecided if all errors are in values that the API checks only when it queries the rows, and it is unknown
 * whether it does
 * @param isCursor returns whether a string is a cursor for this type and sort order
 */
export function findBadArguments(
  api: ProjectApi,
  { document, variables }: Operation,
  isCursor: IsCursor,
): readonly string[] {
  const check = new ArgumentCheck(api, isCursor);
  const { errors } = execute({
    schema: api.schema,
    document,
    rootValue: {},
    variableValues: variables,
    fieldResolver: check.visitField,
    // `execute` is synchronous because no resolver returns a promise.
  }) as ExecutionResult;
  const found = [...check.issues, ...(errors ?? []).map(({ message }) => message)];
  if (check.perhaps && found.length === 0) throw new Undecided();
  return found;
}

/**
 * Errors in the values of a connection's arguments. The API reports them only if it queries the connection's rows or
 * page.
 */
interface LateIssues {
  readonly filter: readonly string[];
  readonly page: readonly string[];
}

const none: LateIssues = { filter: [], page: [] };

class ArgumentCheck {
  readonly issues: string[] = [];
  /** True if there is a late issue anywhere. */
  perhaps = false;
  readonly #api: ProjectApi;
  readonly #isCursor: IsCursor;

  constructor(api: ProjectApi, isCursor: IsCursor) {
    this.#api = api;
    this.#isCursor = isCursor;
  }

  readonly visitField: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, info) => {
    const field = info.parentType.getFields()[info.fieldName];
    if (field === undefined) throw new Error(`Unknown field ${info.fieldName}.`);
    const binding = bindingOf(field);
    if (source instanceof Ghost) this.#hear(source.late, binding, info);
    const given = asInput(args);
    if (binding.kind === 'WRITE') {
      this.issues.push(...badWrite(this.#writeIndex(), binding.type, binding.operation, given));
    }
    const filter = field.args.flatMap((argument) => this.#badStructure(argument, given, info));
    const target = targetOf(binding, (name) => this.#api.index.type(name));
    if (target === null) return this.#ghost(info.returnType, { filter, page: [] });
    this.issues.push(...badCombination(given));
    return this.#ghost(info.returnType, { filter, page: badPage(target, given, this.#isCursor) });
  };

  /**
   * Records the late issues that the API reports if this field is selected. Below a mutation, nothing is recorded,
   * because values are only checked if there are rows to return.
   */
  #hear({ filter, page }: LateIssues, { kind }: Binding, { operation }: GraphQLResolveInfo): void {
    if (operation.operation === OperationTypeNode.MUTATION) return;
    const asksForRows = kind === 'EDGES' || kind === 'NODES';
    if (asksForRows) this.issues.push(...page);
    if (asksForRows || kind === 'TOTAL_COUNT') this.issues.push(...filter);
  }

  /**
   * Records the errors in an argument's structure.
   * @returns late issues, which are errors in plain values that are only checked when the statement runs
   */
  #badStructure(
    { name, type }: GraphQLArgument,
    given: Input,
    info: GraphQLResolveInfo,
  ): readonly string[] {
    if (name !== 'where' && name !== 'orderBy') return [];
    if (name === 'where' && given[name] === null) this.issues.push('where is null');
    if (namesAbsentVariable(info, name)) this.issues.push('a variable is missing');
    const parts = given[name] == null ? [] : badParts(type, given[name]);
    this.issues.push(...parts.filter((part) => part !== endsEarly));
    return parts.filter((part) => part === endsEarly);
  }

  /** No rules apply to servers. */
  #writeIndex(): ModelIndex {
    const { index, access } = this.#api;
    return access.rules === null ? { ...index, model: { ...index.model, access: null } } : index;
  }

  #ghost(type: GraphQLOutputType, late: LateIssues): unknown {
    this.perhaps ||= late.filter.length > 0 || late.page.length > 0;
    return ghost(type, late);
  }
}

/** Returns the model whose rows a connection contains, or null for other fields. */
function targetOf(binding: Binding, type: (name: string) => ModelType): ModelType | null {
  if (binding.kind === 'FIND' && binding.operation === 'FIND_MANY') return binding.type;
  return binding.kind === 'TO_MANY' ? type(binding.field.target) : null;
}

/** A placeholder for an object of any type. */
class Ghost {
  readonly late: LateIssues;

  constructor(late: LateIssues) {
    this.late = late;
  }
}

function ghost(type: GraphQLOutputType, late: LateIssues): unknown {
  if (isNonNullType(type)) return ghost(type.ofType, late);
  if (isListType(type)) return [ghost(type.ofType, none)];
  const named = getNamedType(type);
  if (isObjectType(named)) return new Ghost(late);
  if (isEnumType(named)) return named.getValues()[0]?.value;
  if (!isLeafType(named)) throw new Error(`Type ${named.name} is not in the API.`);
  return named.name === 'Boolean' ? false : '0';
}

/** Returns whether a variable inside the argument is missing. Ignores a variable that is the whole argument. */
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

const endsEarly = 'a pattern ends with an escape character';

/** Finds null values, incomplete patterns, and sort order entries that do not have exactly one key. */
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
    ...(type.name.endsWith('OrderByInput') && entries.length !== 1
      ? ['an order entry must have exactly one key']
      : []),
    ...entries.flatMap(([name, item]) => {
      const field = fields[name];
      if (field === undefined) throw new Error(`${type.name} has no field ${name}.`);
      const isPattern = (name === 'like' || name === 'ilike') && typeof item === 'string';
      if (isPattern && matchesLike('', item) === null) return [endsEarly];
      return badParts(field.type, item);
    }),
  ];
}

function badCombination({ first, last, after, before, offset }: Input): readonly string[] {
  const both = first != null && last != null;
  const mixed = offset != null && (last ?? after ?? before) != null;
  return [
    ...(both ? ['first and last are combined'] : []),
    ...(mixed ? ['an offset is combined with a cursor'] : []),
  ];
}

function badPage(
  type: ModelType,
  { first, last, after, before, offset, orderBy }: Input,
  isCursor: (cursor: string, type: ModelType, orderBy: unknown) => boolean,
): readonly string[] {
  const isSize = (value: unknown) =>
    value == null || (typeof value === 'number' && value >= 0 && value <= type.maxPageSize);
  const cursors = [after, before].filter((cursor) => typeof cursor === 'string');
  const isOffset =
    offset == null || (typeof offset === 'number' && offset >= 0 && offset <= 100_000);
  return [
    ...(isSize(first) && isSize(last) ? [] : ['the page size is out of range']),
    ...(isOffset ? [] : ['the offset is out of range']),
    ...(cursors.every((cursor) => isCursor(cursor, type, orderBy))
      ? []
      : ['the cursor is invalid']),
  ];
}

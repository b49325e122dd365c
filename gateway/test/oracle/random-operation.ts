import {
  getNamedType,
  isLeafType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
} from 'graphql';
import { bindingOf } from '../../src/engine/api/bindings.ts';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import type { JsonValue, ModelType } from '../../src/engine/sdl/model.ts';
import { DocumentWriter, literal } from './document-writer.ts';
import { randomInput } from './random-input.ts';
import type { KnownRows } from './random-keys.ts';
import type { Tape } from './tape.ts';

/** An operation and its variables. Cursors are not included, because they must first be read from a result. */
export interface ClientOperation {
  readonly text: string;
  readonly variables: Readonly<Record<string, JsonValue>>;
  readonly cursors: readonly WantedCursor[];
  /** Variables for a second request with the same document. */
  readonly otherVariables?: Readonly<Record<string, JsonValue>>;
}

/** A variable and its cursor, which is the one with the index `number` among all `edges` in the result of `probe`. */
export interface WantedCursor {
  readonly variable: string;
  readonly probe: string;
  readonly number: number;
}

type AnyField = GraphQLField<unknown, unknown>;

/** Maximum number of levels of nested relations in selections and filters. */
const maxDepth = 4;
const maxFields = 40;

export function randomQuery(api: ProjectApi, tape: Tape, known: KnownRows): ClientOperation {
  const maker = new OperationMaker(api, tape, known);
  const query = api.schema.getQueryType();
  if (query === null || query === undefined) throw new Error('Every API has a query type.');
  return maker.finish('query', maker.selection(query, maxDepth));
}

/** Generates one or two mutations with small selections. Returns null if no mutation is allowed. */
export function randomMutation(
  api: ProjectApi,
  tape: Tape,
  known: KnownRows,
): ClientOperation | null {
  known.beginOperation();
  const maker = new OperationMaker(api, tape, known);
  const mutation = api.schema.getMutationType();
  if (mutation === null || mutation === undefined) return null;
  const all = Object.values(mutation.getFields());
  const chosen = [tape.pick(all), ...(tape.oneIn(5) ? [tape.pick(all)] : [])];
  return maker.finish('mutation', `{ ${chosen.map((field) => maker.root(field)).join(' ')} }`);
}

/** Generates operations by walking the API's schema, so that all of its types and fields are used. */
class OperationMaker {
  readonly #api: ProjectApi;
  readonly #tape: Tape;
  readonly #known: KnownRows;
  readonly #writer: DocumentWriter;
  readonly #cursors: WantedCursor[] = [];
  #fields = 0;

  constructor(api: ProjectApi, tape: Tape, known: KnownRows) {
    this.#known = known;
    this.#api = api;
    this.#tape = tape;
    this.#writer = new DocumentWriter(tape);
  }

  finish(operation: 'query' | 'mutation', selection: string): ClientOperation {
    const { variables, otherVariables } = this.#writer;
    const isAgain = operation === 'query' && Object.keys(otherVariables).length > 0;
    return {
      text: this.#writer.document(operation, selection),
      variables,
      cursors: this.#cursors,
      ...(isAgain && { otherVariables: { ...variables, ...otherVariables } }),
    };
  }

  /** Returns a selection such as `{ id board { key } }` with at least one field. */
  selection(type: GraphQLObjectType, depth: number): string {
    const all = Object.values(type.getFields());
    const leaves = all.filter((field) => isLeafType(getNamedType(field.type)));
    const others = all.filter((field) => !leaves.includes(field));
    const isFull = depth === 0 || this.#fields > maxFields;
    const deep = isFull && leaves.length > 0 ? [] : others;
    const chosen = [
      ...this.#tape.subset(leaves, 5),
      ...(deep.length === 0 ? [] : [this.#tape.pick(deep)]),
      ...(deep.length > 0 && this.#tape.oneIn(2) ? [this.#tape.pick(deep)] : []),
    ];
    const parts = chosen.map((field) => this.#field(type, field, depth));
    if (parts.length === 0 || this.#tape.oneIn(10)) parts.push('__typename');
    if (this.#tape.oneIn(6)) {
      const cut = this.#tape.below(parts.length);
      const rest = parts.splice(cut);
      parts.push(this.#writer.fragment(type.name, `{ ${rest.join(' ')} }`));
    }
    return `{ ${parts.join(' ')} }`;
  }

  /** Every root field has an alias, because each mutation has its own effect. */
  root(field: AnyField): string {
    return `${this.#writer.ownAlias()}${field.name}${this.#arguments(field)} ${this.#selectionOf(field, 2)}`;
  }

  #selectionOf(field: AnyField, depth: number): string {
    const named = getNamedType(field.type);
    return isObjectType(named) ? this.selection(named, depth) : '';
  }

  #field(parent: GraphQLObjectType, field: AnyField, depth: number): string {
    this.#fields += 1;
    const named = getNamedType(field.type);
    const binding = bindingOf(field);
    const args = this.#arguments(field);
    const head = `${this.#writer.alias(field.name, args)}${field.name}${args}`;
    const directive = this.#writer.directive();
    if (!isObjectType(named)) return `${head}${directive}`;
    const isStep = ['FIND', 'ME', 'WRITE', 'TO_ONE', 'TO_MANY'].includes(binding.kind);
    const below = isStep ? depth - 1 : depth;
    const once = `${head}${directive} ${this.selection(named, below)}`;
    // A repeated field is merged into one field with both selections.
    const isRepeated = this.#tape.oneIn(12) && parent.name !== 'Mutation';
    return isRepeated ? `${once} ${head} ${this.selection(named, below)}` : once;
  }

  #arguments(field: AnyField): string {
    if (field.args.length === 0) return '';
    const target = this.#targetOf(field);
    const paging = target === null ? {} : this.#paging(target);
    const written = field.args.flatMap((argument) => {
      const value = this.#argument(argument, target ?? this.#rootType(field), paging);
      return value === null ? [] : [`${argument.name}: ${value}`];
    });
    return written.length === 0 ? '' : `(${written.join(', ')})`;
  }

  #argument(
    argument: GraphQLArgument,
    type: ModelType,
    paging: Readonly<Record<string, JsonValue | undefined>>,
  ): string | null {
    const { name, type: wanted } = argument;
    const tape = this.#tape;
    if (name === 'after' || name === 'before') {
      return typeof paging[name] === 'string' ? paging[name] : null;
    }
    const value = Object.hasOwn(paging, name)
      ? (paging[name] ?? null)
      : this.#isLeftOut(argument)
        ? null
        : this.#input(type, argument);
    if (value === null) return null;
    if (!isNonNullType(wanted) && name === 'where' && tape.oneIn(20)) {
      return this.#writer.absentVariable(String(wanted));
    }
    return this.#writer.value(wanted, value);
  }

  #input(type: ModelType, { name, type: wanted }: GraphQLArgument): JsonValue {
    const tape = this.#tape;
    if (name === 'atMost') return tape.pick([5, 100, 1, 2, 0, -1]);
    const { index } = this.#api;
    const depth = name === 'where' || name === 'orderBy' ? 3 : tape.pick([1, 2, 0, 3]);
    return randomInput({ index, tape, depth, known: this.#known }, wanted, name);
  }

  #isLeftOut({ type }: GraphQLArgument): boolean {
    return !isNonNullType(type) && !this.#tape.oneIn(2);
  }

  /** Generates paging arguments, most of which are valid. Cursors are returned as variable names. */
  #paging(type: ModelType): Readonly<Record<string, JsonValue | undefined>> {
    const tape = this.#tape;
    const orderBy = this.#orderBy(type);
    const size = tape.oneIn(40)
      ? type.maxPageSize + 1
      : tape.below(Math.min(type.maxPageSize, 5) + 1);
    const cursor = () => this.#cursor(type, orderBy);
    switch (tape.below(8)) {
      case 1:
        return { orderBy, first: size, last: null, offset: null };
      case 2:
        return { orderBy, first: null, last: size, offset: null };
      case 3:
        return { orderBy, first: size, last: null, offset: tape.below(5) };
      case 4:
        return { orderBy, first: size, last: null, offset: null, after: cursor() };
      case 5:
        return { orderBy, first: null, last: size, offset: null, before: cursor() };
      case 6:
        return { orderBy, first: size, last: null, offset: null, before: cursor() };
      case 7: {
        const strange = tape.oneIn(10);
        const after = tape.oneIn(2) ? cursor() : undefined;
        const before = tape.oneIn(2) ? cursor() : undefined;
        return { orderBy, first: strange ? 1 : null, last: size, offset: null, after, before };
      }
      default:
        return { orderBy, first: null, last: null, offset: null };
    }
  }

  #orderBy(type: ModelType): JsonValue {
    const wanted = this.#rootOf(type).args.find(({ name }) => name === 'orderBy');
    if (wanted === undefined || this.#tape.oneIn(3)) return null;
    return this.#input(type, wanted);
  }

  /**
   * Returns a variable for a cursor that is read from the same list. In rare cases, that list has another sort order.
   */
  #cursor(type: ModelType, orderBy: JsonValue): string {
    const variable = this.#writer.absentVariable('Cursor');
    const { name, args } = this.#rootOf(type);
    const wanted = args.find((each) => each.name === 'orderBy');
    const order = this.#tape.oneIn(25) ? null : orderBy;
    const ordered =
      wanted === undefined || order === null ? '' : `orderBy: ${literal(wanted.type, order)}, `;
    this.#cursors.push({
      variable: variable.slice(1),
      probe: `{ ${name}(${ordered}first: ${type.maxPageSize}) { edges { cursor } } }`,
      number: this.#tape.below(10),
    });
    return variable;
  }

  /** Returns the root field that lists a type. */
  #rootOf(type: ModelType): AnyField {
    const field = this.#api.schema.getQueryType()?.getFields()[type.names.many];
    if (field === undefined) throw new Error(`${type.name} has no list field.`);
    return field;
  }

  #targetOf(field: AnyField): ModelType | null {
    const binding = bindingOf(field);
    if (binding.kind === 'TO_MANY') return this.#api.index.type(binding.field.target);
    return binding.kind === 'FIND' && binding.operation === 'FIND_MANY' ? binding.type : null;
  }

  #rootType(field: AnyField): ModelType {
    const binding = bindingOf(field);
    if (binding.kind !== 'FIND' && binding.kind !== 'WRITE')
      throw new Error(`${field.name} has no model type.`);
    return binding.type;
  }
}

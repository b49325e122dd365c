import {
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type SelectionSetNode,
} from 'graphql';
import type { ProjectApi } from '../../api/project-api.ts';
import { compileOperation } from '../../queries/operation.ts';
import type { QueryPlan, Variables } from '../../queries/plan.ts';
import type { ModelType } from '../../sdl/model.ts';
import type { RuleProfile } from '../profile.ts';
import { maxTriedRows } from './tried-rules.ts';

/** A query that reads the same rows without rules, together with their keys. */
export interface ReadTrace {
  readonly plan: QueryPlan;
  /** The types whose rows the query reads, also in filters, and the fields that it reads of them. */
  readonly met: ReadonlyMap<string, ReadonlySet<string>>;
  /** The types whose rows are in the answer. */
  readonly selected: ReadonlySet<string>;
  /** Finds the rows in the values of the statement's columns, which are JSON. */
  readonly rowsIn: (columns: readonly (string | null)[]) => RowsByType;
}

/** The keys of the rows of each type, in the order of the type's key. */
export type RowsByType = ReadonlyMap<string, readonly (readonly unknown[])[]>;

interface TracedQuery {
  /** The API for callers without rules. */
  readonly api: ProjectApi;
  /** A valid query. */
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Variables;
  readonly profile: RuleProfile;
}

/** @throws OperationError for arguments that the API rejects */
export function traceReads({ api, query, profile, ...request }: TracedQuery): ReadTrace {
  const met = new Map<string, Set<string>>();
  const fieldsOf = (type: ModelType): Set<string> => {
    const fields = met.get(type.name) ?? new Set();
    met.set(type.name, fields);
    return fields;
  };
  const prefix = unusedPrefix(query);
  const visibility = {
    ofRow: ({ type }: { readonly type: ModelType }) => {
      fieldsOf(type);
      return [];
    },
    ofField: ({ type }: { readonly type: ModelType }, field: string) => {
      fieldsOf(type).add(field);
      return null;
    },
  };
  const selected = new Set<string>();
  const document = withKeys(api, parse(query), { prefix, selected });
  const plan = compileOperation({ api, document, ...request, view: { visibility, profile } });
  if (plan.kind !== 'QUERY') throw new Error('Only queries can be traced.');
  return { plan, met, selected, rowsIn: (columns) => collectRows(api, columns, prefix) };
}

/** A beginning of aliases that the document does not contain. */
function unusedPrefix(query: string): string {
  let prefix = 'row_';
  while (query.includes(prefix)) prefix += '_';
  return prefix;
}

/** Adds the type and the key to each selection of a row, and the rows of its page to each connection. */
function withKeys(
  api: ProjectApi,
  document: DocumentNode,
  { prefix, selected }: { readonly prefix: string; readonly selected: Set<string> },
): DocumentNode {
  const info = new TypeInfo(api.schema);
  return visit(
    document,
    visitWithTypeInfo(info, {
      SelectionSet: {
        leave(node) {
          const added = addedFields(api, info.getParentType(), prefix);
          if (added === null) return undefined;
          selected.add(added.type);
          return { ...node, selections: [...node.selections, ...added.fields] };
        },
      },
    }),
  );
}

function addedFields(
  { index }: ProjectApi,
  parent: GraphQLCompositeType | null | undefined,
  prefix: string,
): { readonly type: string; readonly fields: readonly FieldNode[] } | null {
  const type = index.model.types.find(
    ({ name }) => parent?.name === name || parent?.name === `${name}Connection`,
  );
  if (type === undefined) return null;
  const row = [
    field(`${prefix}type`, '__typename'),
    ...index.keyOf(type).map(({ name }, part) => field(`${prefix}key${part}`, name)),
  ];
  const fields = parent?.name === type.name ? row : [field(`${prefix}page`, 'nodes', row)];
  return { type: type.name, fields };
}

function field(alias: string, name: string, selections: readonly FieldNode[] = []): FieldNode {
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [...selections] };
  return {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: alias },
    name: { kind: Kind.NAME, value: name },
    ...(selections.length === 0 ? {} : { selectionSet }),
  };
}

function collectRows(
  { index }: ProjectApi,
  columns: readonly (string | null)[],
  prefix: string,
): RowsByType {
  const found = new Map<string, Map<string, readonly unknown[]>>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) look(item);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const members = new Map<string, unknown>(Object.entries(value));
    const type = members.get(`${prefix}type`);
    if (typeof type === 'string') {
      const key = index
        .keyOf(index.type(type))
        .map((_, part) => members.get(`${prefix}key${part}`));
      const rows = found.get(type) ?? new Map<string, readonly unknown[]>();
      if (rows.size < maxTriedRows) rows.set(JSON.stringify(key), key);
      found.set(type, rows);
    }
    for (const member of members.values()) look(member);
  };
  for (const json of columns) look(json === null ? null : JSON.parse(json));
  return new Map([...found].map(([type, rows]) => [type, [...rows.values()]]));
}

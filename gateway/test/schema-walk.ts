import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/** One field of the printed schema, with a document that reaches it and nothing beside it. */
export interface SchemaField {
  /** `Organization.members` */
  readonly coordinate: string;
  readonly kind: 'query' | 'mutation';
  /** The root field that the document enters by. */
  readonly root: string;
  readonly document: string;
  /** Leads from `data` to the value; `*` stands for the items of a list. */
  readonly path: readonly string[];
}

interface Step {
  readonly field: string;
  readonly list: boolean;
}

/**
 * Every field that a client can reach, each by the shortest way in through `Query`; fields of mutation
 * results are reached through their mutation, and only the mutations themselves are listed.
 * Pure: the arguments of root fields are left as variables, named like the arguments.
 */
export function walkSchema(schema: GraphQLSchema): readonly SchemaField[] {
  const fields: SchemaField[] = [];
  const query = schema.getQueryType();
  if (query == null) throw new Error('The schema has no query type.');
  for (const [type, steps] of waysToTypes(query)) {
    for (const field of Object.values(type.getFields())) {
      fields.push(reach(`${type.name}.${field.name}`, steps, field, query));
    }
  }
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    fields.push({
      coordinate: `Mutation.${field.name}`,
      kind: 'mutation',
      root: field.name,
      document: documentOf('mutation', field, leafSelection(field)),
      path: [field.name],
    });
  }
  return fields;
}

/** Breadth first, so that the first way to a type is a shortest one. */
function waysToTypes(query: GraphQLObjectType): ReadonlyMap<GraphQLObjectType, readonly Step[]> {
  const ways = new Map<GraphQLObjectType, readonly Step[]>([[query, []]]);
  for (const [type, steps] of ways) {
    for (const field of Object.values(type.getFields())) {
      const target = getNamedType(field.type);
      if (isObjectType(target) && !ways.has(target)) {
        ways.set(target, [...steps, { field: field.name, list: isList(field) }]);
      }
    }
  }
  return ways;
}

function reach(
  coordinate: string,
  steps: readonly Step[],
  field: GraphQLField<unknown, unknown>,
  query: GraphQLObjectType,
): SchemaField {
  const own = `${field.name}${leafSelection(field)}`;
  const inner = steps
    .slice(1)
    .reduceRight((selection, step) => `${step.field} { ${selection} }`, own);
  const rootName = steps[0]?.field ?? field.name;
  const root = query.getFields()[rootName];
  if (root === undefined) throw new Error(`Query has no field ${rootName}.`);
  const selection = steps.length === 0 ? leafSelection(field) : ` { ${inner} }`;
  return {
    coordinate,
    kind: 'query',
    root: rootName,
    document: documentOf('query', root, selection),
    path: [...steps.flatMap((step) => (step.list ? [step.field, '*'] : [step.field])), field.name],
  };
}

const isList = (field: GraphQLField<unknown, unknown>): boolean =>
  String(field.type).startsWith('[');

/** The leaves of what a field gives, so that the document is valid and shows as much as it can. */
function leafSelection(field: GraphQLField<unknown, unknown>): string {
  const type = getNamedType(field.type);
  if (isUnionType(type)) {
    const members = type.getTypes().map((member) => {
      // Aliased, since fields of one name may differ in type from member to member.
      const inner = Object.values(member.getFields()).map(
        (each) => `${member.name}_${each.name}: ${each.name}${firstLeaf(each)}`,
      );
      return `... on ${member.name} { ${inner.join(' ')} }`;
    });
    return ` { __typename ${members.join(' ')} }`;
  }
  return firstLeaf(field);
}

function firstLeaf(field: GraphQLField<unknown, unknown>): string {
  const type = getNamedType(field.type);
  if (!isObjectType(type) && !isInterfaceType(type)) return '';
  return type.getFields().id === undefined ? ' { __typename }' : ' { __typename id }';
}

function documentOf(
  kind: 'query' | 'mutation',
  root: GraphQLField<unknown, unknown>,
  selection: string,
): string {
  const required = root.args.filter((argument) => String(argument.type).endsWith('!'));
  const variables = required.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const given = required.map(({ name }) => `${name}: $${name}`).join(', ');
  return required.length === 0
    ? `${kind} { ${root.name}${selection} }`
    : `${kind} (${variables}) { ${root.name}(${given})${selection} }`;
}

import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/** A field of the printed schema, a path that leads to it, and a document that selects only this field. */
export interface SchemaField {
  /** A root field (`Query.viewer`), or an edge and a field of its type (`Member.user > User.sessions`). */
  readonly coordinate: string;
  readonly kind: 'query' | 'mutation';
  /** The document's root field. */
  readonly root: string;
  readonly document: string;
  /** The path from `data` to the value. `*` stands for the items of a list. */
  readonly path: readonly string[];
}

type Field = GraphQLField<unknown, unknown>;

/** A field of one object type that returns another object type. */
interface Edge {
  readonly coordinate: string;
  readonly field: Field;
}

/**
 * Lists every field that a client can reach, once for each edge to its type. The edge itself is reached by a shortest
 * path. Of the mutations, only the fields of `Mutation` are listed. Their documents select the results' scalar fields.
 * Each argument of a root field becomes a variable with the same name.
 */
export function walkSchema(schema: GraphQLSchema): readonly SchemaField[] {
  const query = schema.getQueryType();
  if (query == null) throw new Error('The schema has no query type.');
  const ways = waysToTypes(query);
  const fields = Object.values(query.getFields()).map((field) => reach(query, [], field));
  for (const [type, way] of ways) {
    for (const edge of edgesOf(type)) {
      const target = objectTypeOf(edge.field);
      if (target === null) continue;
      for (const field of Object.values(target.getFields())) {
        fields.push(reach(target, [...way, edge], field));
      }
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

/** Finds a shortest path to each object type with a breadth-first search. */
function waysToTypes(query: GraphQLObjectType): ReadonlyMap<GraphQLObjectType, readonly Edge[]> {
  const ways = new Map<GraphQLObjectType, readonly Edge[]>([[query, []]]);
  for (const [type, way] of ways) {
    for (const edge of edgesOf(type)) {
      const target = objectTypeOf(edge.field);
      if (target !== null && !ways.has(target)) ways.set(target, [...way, edge]);
    }
  }
  return ways;
}

const edgesOf = (type: GraphQLObjectType): readonly Edge[] =>
  Object.values(type.getFields()).map((field) => ({
    coordinate: `${type.name}.${field.name}`,
    field,
  }));

function objectTypeOf(field: Field): GraphQLObjectType | null {
  const type = getNamedType(field.type);
  return isObjectType(type) ? type : null;
}

function reach(type: GraphQLObjectType, way: readonly Edge[], field: Field): SchemaField {
  const edge = way.at(-1);
  const own = `${type.name}.${field.name}`;
  const root = way[0]?.field ?? field;
  // Built from the inside out: the field itself, then the fields that enclose it below the root.
  const below = way
    .slice(1)
    .reduceRight(
      (inner, step) => `${step.field.name} { ${inner} }`,
      `${field.name}${leafSelection(field)}`,
    );
  return {
    coordinate: edge === undefined ? own : `${edge.coordinate} > ${own}`,
    kind: 'query',
    root: root.name,
    document: documentOf(
      'query',
      root,
      edge === undefined ? leafSelection(field) : ` { ${below} }`,
    ),
    path: [
      ...way.flatMap((step) => (isList(step.field) ? [step.field.name, '*'] : [step.field.name])),
      field.name,
    ],
  };
}

const isList = (field: Field): boolean => String(field.type).startsWith('[');

/** Selects scalar fields of the result, so that the document is valid and shows as much as possible. */
function leafSelection(field: Field): string {
  const type = getNamedType(field.type);
  if (isUnionType(type)) {
    const members = type.getTypes().map((member) => {
      // Aliases are needed because fields with the same name can have different types in the members of a union.
      const inner = Object.values(member.getFields()).map(
        (each) => `${member.name}_${each.name}: ${each.name}${firstLeaf(each)}`,
      );
      return `... on ${member.name} { ${inner.join(' ')} }`;
    });
    return ` { __typename ${members.join(' ')} }`;
  }
  return firstLeaf(field);
}

function firstLeaf(field: Field): string {
  const type = getNamedType(field.type);
  if (!isObjectType(type) && !isInterfaceType(type)) return '';
  return type.getFields().id === undefined ? ' { __typename }' : ' { __typename id }';
}

function documentOf(kind: 'query' | 'mutation', root: Field, selection: string): string {
  const required = root.args.filter((argument) => String(argument.type).endsWith('!'));
  const variables = required.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const given = required.map(({ name }) => `${name}: $${name}`).join(', ');
  return required.length === 0
    ? `${kind} { ${root.name}${selection} }`
    : `${kind} (${variables}) { ${root.name}(${given})${selection} }`;
}

/**
 * An introspection query for only what the data pages need. It is smaller than the standard introspection
 * query and well within the gateway's document limits.
 */
export const introspectionQuery = `query ConsoleModel {
  __schema {
    queryType {
      name
      fields(includeDeprecated: true) { name args { name description type { ...Reference } } }
    }
    mutationType { name }
    types {
      kind
      name
      description
      enumValues(includeDeprecated: true) { name }
      fields(includeDeprecated: true) { name description type { ...Reference } }
      inputFields(includeDeprecated: true) { name description type { ...Reference } }
    }
  }
}
fragment Reference on __Type {
  kind
  name
  ofType { kind name ofType { kind name ofType { kind name } } }
}`;

export interface IntrospectionAnswer {
  readonly __schema: {
    readonly queryType: {
      readonly name: string;
      readonly fields: readonly {
        readonly name: string;
        readonly args: readonly Named[];
      }[];
    };
    readonly mutationType: { readonly name: string } | null;
    readonly types: readonly SchemaType[];
  };
}

export interface SchemaType {
  readonly kind: string;
  readonly name: string;
  readonly description: string | null;
  readonly enumValues: readonly { readonly name: string }[] | null;
  readonly fields: readonly Named[] | null;
  readonly inputFields: readonly Named[] | null;
}

export interface Named {
  readonly name: string;
  readonly description: string | null;
  readonly type: TypeReference;
}

export interface TypeReference {
  readonly kind: string;
  readonly name: string | null;
  readonly ofType?: TypeReference | null;
}

/** An unwrapped type reference: `[Role!]!` is a required list of `Role`. */
export interface Shape {
  readonly name: string;
  readonly kind: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
}

export function shapeOf(reference: TypeReference): Shape {
  let isRequired = false;
  let isList = false;
  let at = reference;
  while (at.ofType != null) {
    if (at.kind === 'LIST') isList = true;
    else if (!isList) isRequired = true;
    at = at.ofType;
  }
  return { name: at.name ?? '', kind: at.kind, isRequired, isList };
}

import {
  getNullableType,
  isLeafType,
  TypeInfo,
  VariablesInAllowedPositionRule,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type GraphQLError,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/**
 * The rule "All Variable Usages Are Allowed" (GraphQL, section 5.8.5), except that a list literal for a scalar such as
 * `JSON` can contain variables of any type: `[$x]`. graphql-js accepts them only in object literals, `{ a: $x }`. In
 * both, the scalar decides which values it accepts.
 */
export const variablesInAllowedPosition: ValidationRule = (context) => {
  let inScalars: ReadonlySet<ASTNode> | null = null;
  // The object inherits everything from the context, but filters the errors.
  const filtered = Object.create(context) as ValidationContext;
  filtered.reportError = (error: GraphQLError) => {
    inScalars ??= variablesInScalarLists(context);
    const [, usage] = error.nodes ?? [];
    if (usage === undefined || !inScalars.has(usage)) context.reportError(error);
  };
  return VariablesInAllowedPositionRule(filtered);
};

/** Finds the variables in list literals at locations whose type is a scalar or an enum. */
function variablesInScalarLists(context: ValidationContext): ReadonlySet<ASTNode> {
  const found = new Set<ASTNode>();
  const info = new TypeInfo(context.getSchema());
  let depth = 0;
  const isScalarList = (): boolean => {
    const type = info.getParentInputType();
    return type != null && isLeafType(getNullableType(type));
  };
  visit(
    context.getDocument(),
    visitWithTypeInfo(info, {
      ListValue: {
        enter: () => {
          if (depth > 0 || isScalarList()) depth += 1;
        },
        leave: () => {
          if (depth > 0) depth -= 1;
        },
      },
      Variable: (node) => {
        if (depth > 0) found.add(node);
      },
    }),
  );
  return found;
}

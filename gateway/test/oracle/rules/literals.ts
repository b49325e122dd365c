import {
  isInputObjectType,
  isNonNullType,
  parseConstValue,
  valueFromAST,
  valueFromASTUntyped,
  type GraphQLInputType,
} from 'graphql';
import type { ProjectApi } from '../../../src/engine/api/project-api.ts';
import type { Claim, FilterObject, LiteralNode } from '../../../src/engine/sdl/access-model.ts';
import type { ModelType } from '../../../src/engine/sdl/model.ts';
import type { Input } from '../input.ts';

/** The operands of a filter on a claim, which are constants. */
export function claimInput({ list }: Claim, { fields }: FilterObject): Input {
  return Object.fromEntries(
    fields.map(([operator, node]) => {
      if (node.kind !== 'LITERAL') throw new Error('Conditions on claims have constants.');
      const value: unknown = valueFromASTUntyped(parseConstValue(node.literal));
      const isMany =
        /^(?:in|notIn|hasSome|hasEvery)$/.test(operator) || (list && operator === 'eq');
      return [operator, isMany && !Array.isArray(value) ? [value] : value];
    }),
  );
}

/** The value of a constant in a filter, as the API reads it in its own `where`. */
export function literalIn(
  api: ProjectApi,
  type: ModelType,
  { column, operator, node }: { column: string; operator: string; node: LiteralNode },
): unknown {
  const operand = fieldType(fieldType(whereType(api, type), column), operator);
  const value: unknown = valueFromAST(parseConstValue(node.literal), operand);
  if (value === undefined) throw new Error(`${node.literal} is not an operand of ${operator}.`);
  return value;
}

/** The input type of the filter on rows of a type. The API contains everything. */
export function whereType({ schema }: ProjectApi, type: ModelType): GraphQLInputType {
  const list = schema.getQueryType()?.getFields()[type.names.many];
  const where = list?.args.find(({ name }) => name === 'where');
  if (where === undefined) throw new Error(`${type.names.many} has no filter.`);
  return where.type;
}

export function fieldType(type: GraphQLInputType, name: string): GraphQLInputType {
  const of: GraphQLInputType = isNonNullType(type) ? type.ofType : type;
  const field = isInputObjectType(of) ? of.getFields()[name] : undefined;
  if (field === undefined) throw new Error(`${String(type)} has no field ${name}.`);
  return field.type;
}

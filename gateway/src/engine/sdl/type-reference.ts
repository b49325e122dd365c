import { Kind, type FieldDefinitionNode, type TypeNode } from 'graphql';
import type { DiagnosticBag } from './diagnostic-bag.ts';

/** `[String!]!` → `{ name: 'String', list: true, required: true }` */
export interface TypeReference {
  readonly name: string;
  readonly list: boolean;
  readonly required: boolean;
}

/** Lists have one level and no null items. @returns null if not; the bag then says so */
export function readTypeReference(
  field: FieldDefinitionNode,
  bag: DiagnosticBag,
): TypeReference | null {
  const required = field.type.kind === Kind.NON_NULL_TYPE;
  const outer = withoutNonNull(field.type);
  if (outer.kind === Kind.NAMED_TYPE) return { name: outer.name.value, list: false, required };
  const item = withoutNonNull(outer.type);
  if (item.kind === Kind.NAMED_TYPE && outer.type.kind === Kind.NON_NULL_TYPE) {
    return { name: item.name.value, list: true, required };
  }
  bag.report(field.type, 'BAD_LIST', field.name.value, innermostName(field.type));
  return null;
}

function withoutNonNull(type: TypeNode) {
  return type.kind === Kind.NON_NULL_TYPE ? type.type : type;
}

function innermostName(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : innermostName(type.type);
}

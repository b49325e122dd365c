import type {
  EnumTypeDefinitionNode,
  FieldDefinitionNode,
  ObjectTypeDefinitionNode,
} from 'graphql';
import type { DirectiveUses, fieldDirectives, typeDirectives } from './directive-uses.ts';
import type { TypeReference } from './type-reference.ts';

/** A type while it is read: its definition with what has been understood of it so far. */
export interface TypeDraft {
  readonly name: string;
  readonly node: ObjectTypeDefinitionNode;
  readonly directives: DirectiveUses<keyof typeof typeDirectives>;
  readonly fields: readonly FieldDraft[];
}

export interface FieldDraft {
  readonly name: string;
  readonly node: FieldDefinitionNode;
  readonly directives: FieldDirectives;
  /** Null where the type is not right; such a field only counts as a name. */
  readonly type: FieldType | null;
}

export type FieldDirectives = DirectiveUses<keyof typeof fieldDirectives>;

/** What a field's type name turned out to be. */
export interface FieldType extends TypeReference {
  readonly kind: 'SCALAR' | 'ENUM' | 'MODEL';
}

export interface EnumDraft {
  readonly name: string;
  readonly node: EnumTypeDefinitionNode;
  readonly values: readonly string[];
}

export interface Outline {
  readonly types: readonly TypeDraft[];
  readonly enums: ReadonlyMap<string, EnumDraft>;
}

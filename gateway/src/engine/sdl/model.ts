import type { JsonValue } from './scalar-values.ts';
import type { ScalarName } from './scalars.ts';

export type { JsonValue, ScalarName };

/**
 * The Model: what a project's SDL means, resolved and frozen. The rest of the engine stands on it and
 * never looks at SDL again. It is plain JSON, so it can be hashed, compared and stored.
 */
export interface Model {
  /** In the order of the SDL, as are fields and enum values. */
  readonly types: readonly ModelType[];
  readonly enums: readonly EnumType[];
  readonly relations: readonly Relation[];
}

export interface EnumType {
  readonly name: string;
  readonly description: string | null;
  readonly values: readonly string[];
}

/** An object type with `@model`: one table. */
export interface ModelType {
  readonly name: string;
  readonly description: string | null;
  /** The table, snake_case and at most 63 bytes. */
  readonly table: string;
  readonly names: ApiNames;
  readonly maxPageSize: number;
  /** The type's earlier name, from `@rename(from:)`. */
  readonly renamedFrom: string | null;
  /** The name of the `@id` field. */
  readonly idField: string;
  readonly fields: readonly Field[];
  readonly uniques: readonly UniqueKey[];
  readonly indexes: readonly IndexKey[];
}

/** The names under which a type appears in the project API. */
export interface ApiNames {
  /** Query field for one: `issue`. */
  readonly one: string;
  /** Query field for many: `issues`. */
  readonly many: string;
  /** As the end of a mutation's name for many: `createIssues`. */
  readonly pluralType: string;
}

export type Field = ValueField | ToOneField | ToManyField;

interface FieldBase {
  readonly name: string;
  readonly description: string | null;
  readonly renamedFrom: string | null;
}

/** A field with a column of its own that holds a scalar, an enum value, or a list of either. */
export interface ValueField extends FieldBase {
  readonly kind: 'VALUE';
  readonly column: string;
  readonly type: ValueType;
  /** Items of a list are never null. */
  readonly list: boolean;
  readonly required: boolean;
  readonly role: FieldRole;
  /**
   * In the JSON form of the type: `BigInt` and `Decimal` are strings, `DateTime` is RFC 3339 in UTC.
   * Null is no default: it means that there is none.
   */
  readonly default: JsonValue;
  readonly constraint: FieldConstraint | null;
}

export type ValueType =
  | { readonly kind: 'SCALAR'; readonly name: ScalarName }
  | { readonly kind: 'ENUM'; readonly name: string };

/** Fields that Tessera keeps itself are not `PLAIN`; of those only the id may be brought by a caller. */
export type FieldRole = 'PLAIN' | 'ID' | 'CREATED_AT' | 'UPDATED_AT';

/** A relation to at most one row, on its owning side or its inverse side. `relation` is the name of the `Relation`. */
export interface ToOneField extends FieldBase {
  readonly kind: 'TO_ONE';
  readonly target: string;
  readonly relation: string;
  readonly required: boolean;
  /** The foreign key of the owning side: `board` → `boardId`. Null on the inverse side. */
  readonly key: { readonly name: string; readonly column: string } | null;
}

/** A list of the other side's rows; it has no column. */
export interface ToManyField extends FieldBase {
  readonly kind: 'TO_MANY';
  readonly target: string;
  readonly relation: string;
}

export type Relation = ForeignKeyRelation | JoinTableRelation;

/** `name` is unique in the model: the type and field of the side that names it, `Issue.board`. */
export interface ForeignKeyRelation {
  readonly kind: 'FOREIGN_KEY';
  readonly name: string;
  /** Its row has the foreign key. */
  readonly owningSide: RelationSide;
  readonly inverseSide: RelationSide;
  readonly column: string;
  readonly required: boolean;
  /** One to one rather than many to one. */
  readonly unique: boolean;
  readonly onDelete: OnDelete;
}

/** A many-to-many relation: both sides are lists. Sides are ordered by type and field name, not by the SDL. */
export interface JoinTableRelation {
  readonly kind: 'JOIN_TABLE';
  readonly name: string;
  readonly table: string;
  readonly sides: readonly [JoinSide, JoinSide];
}

export interface RelationSide {
  readonly type: string;
  readonly field: string;
}

/** `column` of the join table holds the id of the row in whose list `field` the pair stands. */
export interface JoinSide extends RelationSide {
  readonly column: string;
}

export type OnDelete = 'RESTRICT' | 'CASCADE' | 'SET_NULL';

/** `fields` are names of fields; a relation stands for its key. */
export interface UniqueKey {
  /** The name in `where`: `email`, a relation's key `boardId`, or all fields joined: `board_number`. */
  readonly name: string;
  readonly fields: readonly string[];
  readonly columns: readonly string[];
}

export interface IndexKey {
  readonly fields: readonly string[];
  readonly columns: readonly string[];
}

/** Length counts code points. Limits of numbers are decimal texts, exact for every numeric type. */
export interface FieldConstraint {
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly pattern: string | null;
  readonly min: string | null;
  readonly max: string | null;
  readonly format: StringFormat | null;
}

export type StringFormat = 'EMAIL' | 'URL' | 'SLUG' | 'PHONE' | 'HEX_COLOR';

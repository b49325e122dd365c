import type { AccessModel } from './access-model.ts';
import type { Precision } from './decimal.ts';
import type { JsonValue } from './scalar-values.ts';
import type { ScalarName } from './scalars.ts';

export type { JsonValue, Precision, ScalarName };

/**
 * The resolved and frozen form of a project's SDL. The rest of the engine uses only the model, never the SDL. It is
 * plain JSON, so it can be hashed, compared and stored.
 */
export interface Model {
  /** Types, their fields and the values of enums are in the same order as in the SDL. */
  readonly types: readonly ModelType[];
  readonly enums: readonly EnumType[];
  readonly relations: readonly Relation[];
  /** Null if the SDL has no directives about access. Only servers and members can then use the API. */
  readonly access: AccessModel | null;
}

export interface EnumType {
  readonly name: string;
  readonly description: string | null;
  readonly values: readonly EnumValue[];
}

export interface EnumValue {
  readonly name: string;
  readonly description: string | null;
  readonly deprecationReason: string | null;
  /** The former name of the value, from `@rename(from:)`. */
  readonly renamedFrom: string | null;
}

/** An object type with `@model`: one table. */
export interface ModelType {
  readonly name: string;
  readonly description: string | null;
  readonly deprecationReason: string | null;
  /** The name of the table: snake_case, at most 63 bytes. */
  readonly table: string;
  readonly names: ApiNames;
  readonly maxPageSize: number;
  /** The former name of the type, from `@rename(from:)`. */
  readonly renamedFrom: string | null;
  /** The primary key, which identifies a row: one column, or several. */
  readonly key: UniqueKey;
  readonly fields: readonly Field[];
  readonly uniques: readonly UniqueKey[];
  readonly indexes: readonly IndexKey[];
}

/** The names of a type in the project's API. */
export interface ApiNames {
  /** The query field for one row: `issue`. */
  readonly one: string;
  /** The query field for a list: `issues`. */
  readonly many: string;
  /** The suffix of mutations that write several rows: `Issues` in `createIssues`. */
  readonly pluralType: string;
}

export type Field = ValueField | ToOneField | ToManyField;

interface FieldBase {
  readonly name: string;
  readonly description: string | null;
  readonly deprecationReason: string | null;
  readonly renamedFrom: string | null;
}

/** A field that is stored in a column: a scalar, an enum value, or a list of them. */
export interface ValueField extends FieldBase {
  readonly kind: 'VALUE';
  readonly column: string;
  readonly type: ValueType;
  /** List items are never null. */
  readonly list: boolean;
  readonly required: boolean;
  readonly role: FieldRole;
  /** How Tessera makes a value for a new row that is created without one. Null if it does not. */
  readonly generate: ValueGenerator | null;
  /**
   * The default, in the JSON form of the type: `BigInt` and `Decimal` are strings, and `DateTime` is RFC 3339 in UTC.
   * Null means that there is no default.
   */
  readonly default: JsonValue;
  readonly backfill: Backfill | null;
  readonly constraint: FieldConstraint | null;
}

/** `@backfill`: what rows get that have no value when the column is added or becomes required. */
export type Backfill =
  | { readonly kind: 'VALUE'; readonly value: JsonValue }
  | { readonly kind: 'FIELD'; readonly field: string }
  | { readonly kind: 'GENERATE'; readonly generate: 'UUID' | 'CUID' | 'NANOID' | 'NOW' };

export type ValueType =
  | {
      readonly kind: 'SCALAR';
      readonly name: ScalarName;
      /** From `@decimal(precision:, scale:)`. */
      readonly decimal?: Precision;
    }
  | { readonly kind: 'ENUM'; readonly name: string };

/** Callers cannot set `CREATED_AT` and `UPDATED_AT`. `ID` is the field with `@id`, which is set only in a new row. */
export type FieldRole = 'PLAIN' | 'ID' | 'CREATED_AT' | 'UPDATED_AT';

/**
 * `UUID` is version 7 (RFC 9562) for a key and version 4 for other fields. `SEQUENCE` is an identity column. `NOW` is the
 * time of the transaction.
 */
export type ValueGenerator = 'UUID' | 'CUID' | 'NANOID' | 'SEQUENCE' | 'NOW';

/** The side of a relation that refers to at most one row: owning or inverse. `relation` is the name of the `Relation`. */
export interface ToOneField extends FieldBase {
  readonly kind: 'TO_ONE';
  readonly target: string;
  readonly relation: string;
  readonly required: boolean;
  /** The foreign key of the owning side: `board` → `boardId`. Null on the inverse side. */
  readonly key: ForeignKey | null;
  readonly backfill: Backfill | null;
}

/** The columns of a foreign key: as many as the key that it references has, and in the same order. */
export type ForeignKey = readonly [ForeignKeyColumn, ...ForeignKeyColumn[]];

/** A column of a foreign key. Its type is the type of the referenced column. */
export interface ForeignKeyColumn {
  /** The name in the API: `boardId`. */
  readonly name: string;
  readonly column: string;
  readonly type: ValueType;
  /** The column of the referenced row. */
  readonly references: string;
}

/** The list side of a relation. It has no column. */
export interface ToManyField extends FieldBase {
  readonly kind: 'TO_MANY';
  readonly target: string;
  readonly relation: string;
}

export type Relation = ForeignKeyRelation | JoinTableRelation;

/** `name` consists of the type and field of the owning side (`Issue.board`). It is unique in the model. */
export interface ForeignKeyRelation {
  readonly kind: 'FOREIGN_KEY';
  readonly name: string;
  /** The side whose row has the foreign key. */
  readonly owningSide: RelationSide;
  /** Its `field` is null if the relation has only the owning side. */
  readonly inverseSide: { readonly type: string; readonly field: string | null };
  readonly key: ForeignKey;
  readonly required: boolean;
  /** True for one-to-one, false for many-to-one. */
  readonly unique: boolean;
  readonly onDelete: OnDelete;
}

/** A many-to-many relation: both sides are lists. Sides are ordered by type and field name, not as in the SDL. */
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

/** `field` is the list in `type`. */
export interface JoinSide extends RelationSide {
  /** The join table's columns that reference the key of `type`. */
  readonly columns: readonly JoinColumn[];
}

export type JoinColumn = Omit<ForeignKeyColumn, 'name'>;

export type OnDelete = 'RESTRICT' | 'CASCADE' | 'SET_NULL';

/** `fields` contains field names. The name of a relation stands for all columns of its foreign key. */
export interface UniqueKey {
  /** The name in `where`: a field (`email`), a foreign key (`boardId`), or all field names joined (`board_number`). */
  readonly name: string;
  readonly fields: readonly string[];
  readonly columns: readonly string[];
}

export interface IndexKey {
  readonly fields: readonly string[];
  readonly columns: readonly string[];
}

/** Lengths count code points. `min` and `max` are decimal strings, so they are exact for all numeric types. */
export interface FieldConstraint {
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly pattern: string | null;
  readonly min: string | null;
  readonly max: string | null;
  readonly format: StringFormat | null;
}

export type StringFormat = 'EMAIL' | 'URL' | 'SLUG' | 'PHONE' | 'HEX_COLOR';

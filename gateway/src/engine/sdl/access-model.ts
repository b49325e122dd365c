import type { ScalarName } from './scalars.ts';

// The access rules of a model: the directives @user, @claims, @allow, @require, @preset and @private in their resolved
// form. Like the model, they are plain JSON.

/** The operations on rows that rules allow. `LINK`: other rows can refer to the row. */
export const accessOperations = ['READ', 'CREATE', 'UPDATE', 'DELETE', 'LINK'] as const;
export type AccessOperation = (typeof accessOperations)[number];

/** `PUBLIC`: everyone. `GUEST`: signed in, also with an anonymous account. `USER`: signed in with a real account. */
export const audiences = ['PUBLIC', 'GUEST', 'USER'] as const;
export type Audience = (typeof audiences)[number];

export const presetOperations = ['CREATE', 'UPDATE'] as const;
export type PresetOperation = (typeof presetOperations)[number];

export interface AccessModel {
  /** The `@user` model, whose rows are the project's end users. Null if there is none. */
  readonly userType: string | null;
  /** The fields of the `@claims` type. */
  readonly claims: readonly Claim[];
  /** The different claim conditions of all rules, which refer to them by index. */
  readonly claimConditions: readonly FilterObject[];
  /** The types with at least one of the directives, in the order of the model. */
  readonly types: readonly TypeAccess[];
}

/** A claim that a token can contain. */
export interface Claim {
  readonly name: string;
  readonly type: ClaimType;
  /** List items are never null. */
  readonly list: boolean;
}

export type ClaimType =
  | { readonly kind: 'SCALAR'; readonly name: ScalarName }
  | { readonly kind: 'ENUM'; readonly name: string };

export interface TypeAccess {
  readonly type: string;
  /** Alternatives: a row is permitted if one of them holds. */
  readonly allows: readonly AllowRule[];
  /** All of them must hold as well. */
  readonly requires: readonly RequireRule[];
  /** The fields with at least one of the directives. */
  readonly fields: readonly FieldAccess[];
}

export interface FieldAccess {
  readonly field: string;
  /** Whether callers with rules never see the field. */
  readonly isPrivate: boolean;
  /** If not empty, the field permits only the operations of these rules, where the rules of the type permit them too. */
  readonly allows: readonly AllowRule[];
  readonly preset: Preset | null;
  /** Whether a new user can set the field with `createMe`. */
  readonly isSignUp: boolean;
}

export interface RuleConditions {
  readonly to: readonly AccessOperation[];
  /** About the row as it is or, for CREATE, as it will be written. Null for all rows. */
  readonly where: FilterObject | null;
  /** About the row after an update. Null if `where` decides. */
  readonly check: FilterObject | null;
  /** About the caller's row in the `@user` model. */
  readonly user: FilterObject | null;
  /** The index of a condition in `AccessModel.claimConditions`. Null if claims do not matter. */
  readonly claims: number | null;
  /** The line of the directive in the SDL. It is not a part of the model's hash. */
  readonly line: number;
}

export interface AllowRule extends RuleConditions {
  readonly as: Audience;
}

export type RequireRule = RuleConditions;

export interface Preset {
  readonly value: PresetValue;
  readonly on: readonly PresetOperation[];
  readonly line: number;
}

export type PresetValue = LiteralNode | ReferenceNode;

/** A `RowFilter` or `ClaimFilter`, in the grammar of the API's `where`. */
export interface FilterObject {
  readonly kind: 'OBJECT';
  /** Fields, operators and quantifiers, in the order of the SDL. */
  readonly fields: readonly (readonly [string, FilterNode])[];
}

export type FilterNode =
  | FilterObject
  /** The alternatives or conditions in `or` and `and`. */
  | { readonly kind: 'LIST'; readonly items: readonly FilterNode[] }
  | LiteralNode
  | ReferenceNode
  /** `_can: READ`: the rules of the row's type for this operation. */
  | { readonly kind: 'CAN'; readonly operation: AccessOperation };

/** An operand that is a constant, as a GraphQL literal without variables: `"open"`, `[1, 2]`, `{ a: 1 }`. */
export interface LiteralNode {
  readonly kind: 'LITERAL';
  readonly literal: string;
}

/** An operand that is known only when an operation runs. */
export interface ReferenceNode {
  readonly kind: 'REFERENCE';
  readonly reference: Reference;
}

/**
 * - `USER`: a column of the caller's row, by its name in the API (`teamId`).
 * - `CLAIM`: a claim of the caller's token.
 * - `ROW`: a column of the row that the rule is about, within the filter of a relation.
 * - `NOW`: the time of the statement.
 */
export type Reference =
  | { readonly of: 'USER'; readonly field: string }
  | { readonly of: 'CLAIM'; readonly name: string }
  | { readonly of: 'ROW'; readonly field: string }
  | { readonly of: 'NOW' };

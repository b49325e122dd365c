import type { ApiContext } from '../api/api-types.ts';
import type { Claim, ClaimType } from '../sdl/access-model.ts';
import type { DiagnosticBag } from '../sdl/diagnostic-bag.ts';
import type { ModelType, ValueType } from '../sdl/model.ts';

/** What reading a rule needs to know about the schema. */
export interface RuleContext {
  /** The API of the model for a caller who can use all of it: rules can filter by everything. */
  readonly api: ApiContext;
  /** The `@user` model. */
  readonly userType: ModelType | null;
  /** The claims of the `@claims` type, by name. Null if there is no such type. */
  readonly claims: ReadonlyMap<string, Claim> | null;
  readonly bag: DiagnosticBag;
}

/** The type of a value, or of a list of values. */
export interface OperandType {
  readonly of: ValueType | ClaimType;
  readonly list: boolean;
}

/** `[String!]` */
export function typeText({ of, list }: OperandType): string {
  return list ? `[${of.name}!]` : of.name;
}

/** Whether values of two types can be compared. IDs and UUIDs have the same values. */
export function isSameType(one: OperandType, other: OperandType): boolean {
  const name = ({ of: { kind, name: own } }: OperandType) =>
    kind === 'SCALAR' && own === 'ID' ? 'UUID' : own;
  return one.list === other.list && one.of.kind === other.of.kind && name(one) === name(other);
}

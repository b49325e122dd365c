import type { Field, Model, ModelType } from './model.ts';
import type { ScalarName } from './scalars.ts';

/** The part of a model that connects user tokens with the rules. The settings of trusted issuers refer to it. */
export interface UserSchema {
  /** The `@user` model. Null if there is none. */
  readonly type: string | null;
  /** The fields of the `@user` model that can contain the value of a token's claim that identifies the user. */
  readonly uniqueFields: readonly string[];
  /** The fields of the `@claims` type. */
  readonly claims: readonly string[];
}

export function userSchemaOf({ access, types }: Model): UserSchema {
  const type = types.find(({ name }) => name === access?.userType);
  return {
    type: type?.name ?? null,
    uniqueFields: type === undefined ? [] : uniqueFieldsOf(type),
    claims: access?.claims.map(({ name }) => name) ?? [],
  };
}

/** A claim is a text or a whole number, so only these fields can be equal to it. */
const identifying: readonly ScalarName[] = ['ID', 'UUID', 'String', 'Int', 'BigInt'];

function uniqueFieldsOf({ fields, key, uniques }: ModelType): readonly string[] {
  const isUnique = ({ name }: Field) =>
    [key, ...uniques].some(({ fields: [first, ...more] }) => first === name && more.length === 0);
  const canIdentify = (field: Field) =>
    field.kind === 'VALUE' &&
    !field.list &&
    field.type.kind === 'SCALAR' &&
    identifying.includes(field.type.name);
  return fields.filter((field) => canIdentify(field) && isUnique(field)).map(({ name }) => name);
}

import { looseNames, type LooseField, type LooseType } from './loose-names.ts';
import { claimsType, hasDirective, userType } from './rule-columns.ts';

/** The part of an applied schema that the settings of trusted issuers refer to. */
export interface UserSchema {
  /** The `@user` model; null if there is none. */
  readonly type: string | null;
  /** The fields of the `@user` model that can contain the value of the claim that identifies the user. */
  readonly uniqueFields: readonly string[];
  /** The fields of the `@claims` type. */
  readonly claims: readonly string[];
}

/** Finds in SDL what the gateway finds in the same schema (`userSchemaOf`). */
export function readUserSchema(sdl: string): UserSchema {
  const names = looseNames(sdl);
  // A type and its extensions have the same name.
  const partsOf = (type: LooseType | undefined) =>
    names.types.filter(({ name }) => name === type?.name);
  const user = partsOf(userType(names));
  return {
    type: user[0]?.name ?? null,
    uniqueFields: uniqueFieldsOf(user),
    claims: partsOf(claimsType(names)).flatMap(({ fields }) => fields.map(({ name }) => name)),
  };
}

/** A claim is a text or a whole number, so only fields of these types can be equal to it. */
const identifying: readonly string[] = ['ID', 'UUID', 'String', 'Int', 'BigInt'];

function uniqueFieldsOf(parts: readonly LooseType[]): readonly string[] {
  const listed = parts.flatMap(({ directives }) =>
    directives
      .filter(({ name }) => name === 'id' || name === 'unique')
      .map(({ texts }) => texts.get('fields') ?? []),
  );
  const isUnique = (field: LooseField) =>
    hasDirective(field, 'id') ||
    hasDirective(field, 'unique') ||
    listed.some(([first, ...more]) => first === field.name && more.length === 0);
  return parts
    .flatMap(({ fields }) => fields)
    .filter((field) => !field.list && identifying.includes(field.type) && isUnique(field))
    .map(({ name }) => name);
}

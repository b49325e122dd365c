import { assertNever } from '../../platform/assert-never.ts';
import { createDiagnosticBag } from './diagnostic-bag.ts';
import type { Diagnostic } from './diagnostics.ts';
import { directivePlaces } from './directive-places.ts';

/** A change of the key of a type with rows that cannot be kept. Names are those of the next schema. */
export type BadKey = {
  readonly type: string;
  /** The field of the key that changes, or the first field of the new key. */
  readonly field: string;
} & (
  | {
      /** There is no conversion, or the field would reference rows of another type. */
      readonly cause: 'NO_CAST' | 'OTHER_ROWS';
      /** The old and the new scalar. */
      readonly from: string;
      readonly to: string;
    }
  | {
      /** Relations reference the old key. */
      readonly cause: 'REFERENCED';
      /** The fields of the old and of the new key. */
      readonly from: readonly string[];
      readonly to: readonly string[];
      readonly relations: readonly { readonly name: string; readonly isJoin: boolean }[];
    }
);

/** Returns the diagnostics for changes of keys. @param text valid SDL */
export function explainBadKeys(text: string, keys: readonly BadKey[]): readonly Diagnostic[] {
  if (keys.length === 0) return [];
  const places = directivePlaces(text, 'id');
  const bag = createDiagnosticBag();
  for (const key of keys) {
    const at = places.get(key.type) ??
      places.get(`${key.type}.${key.field}`) ?? { line: 1, column: 1 };
    bag.report(at, 'BAD_KEY_CHANGE', ...wordsFor(key));
  }
  return bag.all();
}

function wordsFor(key: BadKey): readonly [message: string, hint: string] {
  switch (key.cause) {
    case 'NO_CAST': {
      const kept = isUuid(key.from)
        ? 'UUID! @unique @default(generate: UUID)'
        : `${key.from}! @unique`;
      const other = key.field === 'key' ? 'newKey' : 'key';
      return [
        `The key ${key.type}.${key.field} cannot change from ${key.from} to ${key.to}, because there is no conversion.`,
        `Keep \`${key.field}: ${kept}\`, and add the new key under another name, such as \`${other}: ${key.to}! @id\`. Write \`@relation(references: ["${key.field}"])\` on each relation that references ${key.type}.`,
      ];
    }
    case 'OTHER_ROWS':
      return [
        `${key.type}.${key.field} belongs to the key and would reference other rows, so the rows of ${key.type} could not be identified.`,
        `Add the new relation under another name, and list it in \`@id(fields:)\` instead of ${key.field}.`,
      ];
    case 'REFERENCED': {
      const [from, to] = [key.from.join(', '), key.to.join(', ')];
      const names = key.relations.map(({ name }) => name).join(', ');
      const message = `The key of ${key.type} cannot change from (${from}) to (${to}), because relations reference the old key: ${names}.`;
      if (key.relations.some(({ isJoin }) => isJoin)) {
        return [
          message,
          `Keep the key. A many-to-many relation always references it. To change the key, first replace the relation by a type with two relations.`,
        ];
      }
      const unique =
        key.from.length === 1
          ? `\`${from}\` with @unique`
          : `these fields with \`@unique(fields: ${inSdl(key.from)})\``;
      return [
        message,
        `Keep ${unique}, and write \`@relation(references: ${inSdl(key.from)})\` on each of these relations.`,
      ];
    }
    default:
      return assertNever(key);
  }
}

/** Whether the values are UUIDs. A field that is not the key can generate them only if it is a `UUID`. */
function isUuid(scalar: string): boolean {
  return scalar === 'ID' || scalar === 'UUID';
}

/** `["a", "b"]` */
function inSdl(names: readonly string[]): string {
  return `[${names.map((name) => JSON.stringify(name)).join(', ')}]`;
}

import type { ScalarName } from './model.ts';

/** Which `@constraint` arguments a scalar takes. */
export type ConstraintFamily = 'TEXT' | 'NUMBER' | 'NONE';

interface ScalarTraits {
  readonly constraints: ConstraintFamily;
  /** Whether `@unique` and `@index` may name it. */
  readonly indexable: boolean;
}

export const scalars: Readonly<Record<ScalarName, ScalarTraits>> = {
  ID: { constraints: 'NONE', indexable: true },
  String: { constraints: 'TEXT', indexable: true },
  Int: { constraints: 'NUMBER', indexable: true },
  Float: { constraints: 'NUMBER', indexable: true },
  Boolean: { constraints: 'NONE', indexable: true },
  BigInt: { constraints: 'NUMBER', indexable: true },
  Decimal: { constraints: 'NUMBER', indexable: true },
  DateTime: { constraints: 'NONE', indexable: true },
  Date: { constraints: 'NONE', indexable: true },
  JSON: { constraints: 'NONE', indexable: false },
  UUID: { constraints: 'NONE', indexable: true },
};

export const scalarNames: readonly string[] = Object.keys(scalars);

export function isScalarName(name: string): name is ScalarName {
  return Object.hasOwn(scalars, name);
}

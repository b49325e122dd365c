import { guardedFields } from '../../rules/guarded-fields.ts';
import { rulesOf } from '../../rules/rights.ts';
import type { Model } from '../../sdl/model.ts';
import type { KeptNames } from '../lineage.ts';
import { fieldChanges } from './field-changes.ts';
import type { Naming } from './rule-conditions.ts';
import { typeChanges, type AccessChange } from './type-changes.ts';

/**
 * Compares what callers with rules can do, by type, field, operation and audience. What cannot be shown to be narrower
 * counts as wider.
 *
 * @param names the names of the next model that the current one has under other names
 */
export function accessChanges(
  { current, next }: { readonly current: Model; readonly next: Model },
  names: KeptNames,
): readonly AccessChange[] {
  if (current.access === null && next.access === null) return [];
  const models = { before: currentNaming(current, names), after: ownNaming(next) };
  const typesBefore = new Map(current.types.map((type) => [type.name, type]));
  return [
    ...userModelChanges(models),
    ...next.types.flatMap((after) => {
      const before = typesBefore.get(names.types.get(after.name) ?? '') ?? null;
      const ofType = typeChanges(models, { before, after });
      if (before === null) return ofType;
      const hasRules =
        rulesOf(next.access, after.name) !== null || rulesOf(current.access, before.name) !== null;
      if (!hasRules) return [];
      const fields = new Map(before.fields.map((field) => [field.name, field]));
      return [
        ...ofType,
        ...after.fields.flatMap((field) =>
          fieldChanges(models, {
            types: { before, after },
            before: fields.get(names.fields.get(`${after.name}.${field.name}`) ?? '') ?? null,
            after: field,
          }),
        ),
      ];
    }),
  ];
}

function ownNaming(model: Model): Naming {
  return {
    model,
    guarded: guardedFields(model),
    typeName: (type) => type,
    fieldName: (_type, field) => field,
  };
}

/** Types and fields that the next model does not have get names that no definition can have. */
function currentNaming(model: Model, names: KeptNames): Naming {
  const types = new Map([...names.types].map(([next, name]) => [name, next]));
  const fields = new Map(
    [...names.fields].map(([path, name]) => {
      const [next = '', field = ''] = path.split('.');
      return [`${names.types.get(next) ?? ''}.${name}`, field];
    }),
  );
  return {
    model,
    guarded: guardedFields(model),
    typeName: (type) => types.get(type) ?? `-${type}`,
    fieldName: (type, field) => fields.get(`${type}.${field}`) ?? `-${field}`,
  };
}

/** Users of the `@user` model can create their own row. */
function userModelChanges({
  before,
  after,
}: {
  readonly before: Naming;
  readonly after: Naming;
}): readonly AccessChange[] {
  const { userType: old = null } = before.model.access ?? {};
  const { userType: next = null } = after.model.access ?? {};
  if (next === null || (old !== null && before.typeName(old) === next)) return [];
  return [
    {
      target: next,
      summary: `The end users are now the rows of \`${next}\`. Signed-in users without a row can create their own.`,
      widens: true,
      publicRows: null,
    },
  ];
}

import { publicRows } from '../../rules/public-rows.ts';
import type { Model } from '../../sdl/model.ts';
import type { KeptNames } from '../lineage.ts';
import type { MigrationStep } from '../migration-plan.ts';
import { accessChanges } from './access-changes.ts';

interface AccessPlan {
  readonly names: KeptNames;
  /** The project's schema in the database. */
  readonly schema: string;
  /** Whether other steps change the tables, so that the next rules cannot be counted before they are applied. */
  readonly changesTables: boolean;
}

/** One step without SQL for each change of what callers with rules can do. */
export function accessSteps(
  models: { readonly current: Model; readonly next: Model },
  { names, schema, changesTables }: AccessPlan,
): readonly MigrationStep[] {
  return accessChanges(models, names).map(
    ({ target, summary, widens, publicRows: type }): MigrationStep => {
      const before = type === null ? undefined : names.types.get(type);
      return {
        kind: 'ACCESS',
        target,
        summary,
        sql: [],
        hazard: widens ? 'WIDENS_ACCESS' : 'NONE',
        count: null,
        rows: null,
        tooLong: null,
        publicRows:
          type === null
            ? null
            : {
                before: before === undefined ? null : publicRows(models.current, before, schema),
                after: changesTables ? null : publicRows(models.next, type, schema),
              },
      };
    },
  );
}

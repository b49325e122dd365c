import type { ApiAccess } from '../api/access.ts';
import type { ModelIndex } from '../api/model-index.ts';
import { createFilterContext } from '../queries/selection.ts';
import { visibilityFor } from '../rules/visibility.ts';
import type { ModelType } from '../sdl/model.ts';
import { sql } from '../sql/sql.ts';

/**
 * The models without `@live` that the access rules for reading rows of a type read. With one of them, a caller would not
 * notice that it can no longer see a row.
 */
export function notLiveInRules(
  index: ModelIndex,
  { rules }: Pick<ApiAccess, 'rules'>,
  type: ModelType,
): readonly ModelType[] {
  if (rules === null) return [];
  const context = createFilterContext(index);
  const unlimited = { spendNode: () => undefined, spendRelation: () => undefined };
  const { ofRow } = visibilityFor(context, index.model.access, rules, unlimited);
  ofRow({ type, alias: sql`t` });
  const types = context.reads.reads().flatMap((read) => read.type ?? []);
  return [...new Set(types)].filter(({ live }) => !live);
}

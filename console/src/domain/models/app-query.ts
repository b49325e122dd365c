import {
  audiences,
  readWrittenRules,
  type Audience,
  type WrittenType,
} from '#console/lib/sdl/written-rules.ts';

import { firstQuery } from './first-query.ts';
import type { Model } from './project-models.ts';

/**
 * A query that callers of an audience can run, whatever their claims are. It reads the first model that a rule lets
 * them read, without the fields that have rules of their own. Null if there is no such model.
 *
 * @param sdl the applied schema
 */
export function appQuery(models: readonly Model[], sdl: string, audience: Audience): string | null {
  const types = new Map((readWrittenRules(sdl) ?? []).map((type) => [type.name, type]));
  for (const model of models) {
    const type = types.get(model.name);
    if (type === undefined || !isReadable(type, audience)) continue;
    const isOpen = ({ name }: { readonly name: string }) =>
      !type.fields.some((field) => field.name === name && hasRules(field));
    return firstQuery({ ...model, fields: model.fields.filter(isOpen) });
  }
  return null;
}

const hasRules = ({ rules, private: hidden }: WrittenType['fields'][number]): boolean =>
  hidden !== null || rules.length > 0;

const isReadable = ({ rules }: WrittenType, audience: Audience): boolean =>
  rules.some(
    ({ draft: { directive, to, as, claims } }) =>
      directive === 'allow' &&
      to.includes('READ') &&
      claims === '' &&
      audiences.indexOf(as) <= audiences.indexOf(audience),
  );

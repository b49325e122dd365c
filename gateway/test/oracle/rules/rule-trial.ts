import { isObjectType } from 'graphql';
import { buildApi } from '../../../src/engine/api/build-api.ts';
import { everything } from '../../../src/engine/api/access.ts';
import { bindingOf } from '../../../src/engine/api/bindings.ts';
import type { ProjectApi } from '../../../src/engine/api/project-api.ts';
import type { RuleProfile } from '../../../src/engine/rules/profile.ts';
import { profileOf, subjectVariables, type Subject } from '../../../src/engine/rules/subject.ts';
import type { Model } from '../../../src/engine/sdl/model.ts';
import { findDifference } from '../compare.ts';
import { Cursors } from '../cursors.ts';
import type { SqlSide } from '../sql-side.ts';
import { Store } from '../store.ts';
import { asJson, playAll, type Failure, type Trial } from '../trial.ts';
import { userFieldOf } from './caller.ts';
import { RuleWorld } from './rule-world.ts';

/** A model with rules, and the APIs of the profiles that were used. */
export class RuledModel {
  readonly model: Model;
  readonly serverApi: ProjectApi;
  readonly #apis = new Map<string, ProjectApi>();

  constructor(model: Model) {
    this.model = model;
    this.serverApi = buildApi(model, everything);
  }

  apiOf(subject: Subject): ProjectApi {
    const rules = profileOf(this.model, subject);
    const key = JSON.stringify(rules);
    const api = this.#apis.get(key) ?? buildApi(this.model, { ...everything, rules });
    this.#apis.set(key, api);
    return api;
  }

  worldOf(data: Trial['data'], subject: Subject): RuleWorld {
    return new RuleWorld(this.serverApi, new Store(this.serverApi.index, data), subject);
  }
}

/**
 * Runs operations as a caller. The evaluator answers queries from the data that the rules leave the caller. The data
 * after mutations must be the same on both sides.
 */
export async function findRuleFailure(
  side: SqlSide,
  ruled: RuledModel,
  subject: Subject,
  { data, operations }: Trial,
): Promise<Failure | null> {
  await side.fill(data);
  side.callAs(subjectVariables(ruled.model, subject));
  const world = ruled.worldOf(data, subject);
  const api = ruled.apiOf(subject);
  const oracle = { api, store: world.store, cursors: new Cursors(), rules: world };
  const failure = await playAll({ side, oracle }, operations);
  if (failure !== null || !operations.some(({ text }) => text.startsWith('mutation'))) {
    return failure;
  }
  const [theirs, ours] = [await side.read(api.index), oracle.store.toPlain()];
  const place = findDifference(asJson(theirs), asJson(ours), oracle.cursors, 'data at the end');
  return place === null ? null : { place, operation: operations.length, theirs, ours };
}

/** The profile that a caller has according to the evaluator. */
export function expectedProfile(world: RuleWorld, model: Model): RuleProfile {
  const { subject, held } = world.caller;
  return { audience: subject.audience, claims: held, userField: userFieldOf(model, subject) };
}

/** The fields of rows that an API contains, such as `Ant.id`. */
export function readableFields({ schema, index }: ProjectApi): readonly string[] {
  return index.model.types.flatMap((type) => {
    const query = schema.getQueryType()?.getFields() ?? {};
    if (query[type.names.many] === undefined) return [];
    const of = schema.getType(type.name);
    if (!isObjectType(of)) return [];
    return Object.values(of.getFields()).flatMap((field) => {
      const binding = bindingOf(field);
      return binding.kind === 'VALUE' ? [`${type.name}.${binding.field.name}`] : [];
    });
  });
}

export function expectedFields(world: RuleWorld, { types }: Model): readonly string[] {
  return types.flatMap((type) =>
    type.fields.flatMap((field) =>
      field.kind === 'VALUE' && world.mayRead(type) && world.mayReadField(type, field.name)
        ? [`${type.name}.${field.name}`]
        : [],
    ),
  );
}

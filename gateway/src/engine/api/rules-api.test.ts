import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { validateSchema } from 'graphql';
import { describe, expect, inject, it } from 'vitest';
import { membersOf } from '../../../test/engine/api-members.ts';
import { readModel } from '../../../test/engine/project.ts';
import { modelPairs } from '../../../test/engine/random-models.ts';
import {
  choicesOf,
  randomRuleProfiles,
  withRandomRules,
} from '../../../test/engine/random-rules.ts';
import { anyProfile } from '../rules/profile.ts';
import { everything, type ApiAccess } from './access.ts';
import { buildApi } from './build-api.ts';

const { runs, seed = randomInt(2 ** 31) } = inject('propertyTests');

describe(
  `a random model with random rules (${runs} runs, seed ${seed})`,
  { timeout: 60_000 },
  () => {
    it('has a valid API for each profile, which is a part of the API for all of them', () => {
      const seen = { whole: 0, part: 0, empty: 0 };
      fc.assert(
        fc.property(modelPairs, fc.integer(), scopes, ({ next }, rules, rights) => {
          const model = withRandomRules(readModel(next), choicesOf(rules));
          const whole = buildApi(model, { ...rights, rules: anyProfile }).schema;
          expect(validateSchema(whole)).toEqual([]);
          const members = membersOf(whole);
          seen.whole += members.size;
          const profiles = choicesOf(rules + 1).some(randomRuleProfiles);
          for (const profile of profiles) {
            const part = buildApi(model, { ...rights, rules: profile }).schema;
            expect(validateSchema(part)).toEqual([]);
            const own = membersOf(part);
            for (const [name, signature] of own) {
              if (name === 'Query._empty') seen.empty += 1;
              else expect({ name, signature }).toEqual({ name, signature: members.get(name) });
            }
            seen.part += own.size / profiles.length;
          }
        }),
        { numRuns: runs / 2, seed },
      );
      // Profiles leave things out, but not everything.
      expect(seen.part).toBeLessThan(seen.whole);
      expect(seen.part).toBeGreaterThan(seen.whole / 10);
      expect(seen.empty).toBeGreaterThan(0);
    });

    it('has no API for callers with rules if the model has no rules', () => {
      fc.assert(
        fc.property(
          modelPairs,
          fc.constantFrom(anyProfile, ...randomRuleProfiles),
          (pair, rules) => {
            const api = buildApi(readModel(pair.next), { ...everything, rules }).schema;
            expect([...membersOf(api).keys()]).toEqual([
              'Query',
              'Query._empty',
              'Boolean',
              'String',
            ]);
          },
        ),
        { numRuns: runs / 5, seed },
      );
    });
  },
);

const scopes: fc.Arbitrary<Omit<ApiAccess, 'rules'>> = fc.record({
  read: fc.oneof(fc.constant('ALL' as const), someTypes()),
  write: fc.oneof(fc.constant('ALL' as const), someTypes()),
  introspect: fc.boolean(),
});

function someTypes() {
  return fc.subarray(['Issue', 'Select', 'HTTPServer', 'User']).map((some) => new Set(some));
}

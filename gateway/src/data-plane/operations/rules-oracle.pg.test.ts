import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { KnownRows } from '../../../test/oracle/random-keys.ts';
import {
  randomMutation,
  randomQuery,
  type ClientOperation,
} from '../../../test/oracle/random-operation.ts';
import { reduce } from '../../../test/oracle/reduce.ts';
import { Counts, countReads, countWrites } from '../../../test/oracle/rules/counts.ts';
import { randomSubject } from '../../../test/oracle/rules/random-callers.ts';
import { randomTarget } from '../../../test/oracle/rules/random-target.ts';
import { randomWriteTarget } from '../../../test/oracle/rules/random-write-target.ts';
import { randomWorld, type RandomWorld } from '../../../test/oracle/rules/random-world.ts';
import {
  expectedFields,
  expectedProfile,
  findRuleFailure,
  readableFields,
} from '../../../test/oracle/rules/rule-trial.ts';
import { withSqlSide, type SqlSide } from '../../../test/oracle/sql-side.ts';
import { fullTapes, tapes } from '../../../test/oracle/tape.ts';
import { profileOf, type Subject } from '../../engine/rules/subject.ts';

const database = useTestDatabase();
const { runs, seed = randomInt(2 ** 31) } = inject('propertyTests');

const worlds = Math.ceil(runs / 5);
const callers = 5;
/** The numbers of operations of each caller, of which the first are about places where rules matter. */
const queries = 8;
const mutations = 6;
const targets = 4;

const options = { numRuns: worlds, seed, endOnFailure: true };
const timeout = 60_000 + runs * 1_000;

describe(`in ${worlds} worlds with access rules (seed ${seed})`, { timeout }, () => {
  it('callers get what a server gets from the data that the rules leave them', async () => {
    const counts = new Counts();
    const property = fc.asyncProperty(
      fullTapes(150),
      fullTapes(1_500),
      fullTapes(400),
      fc.array(fullTapes(40), { minLength: callers, maxLength: callers }),
      fc.array(tapes(150), { minLength: callers * queries, maxLength: callers * queries }),
      async (ofModel, ofRules, ofData, ofCallers, ofQueries) => {
        const world = randomWorld(ofModel, ofRules, ofData);
        await withSqlSide(database.pool, world.ruled.model, async (side) => {
          for (const tape of ofCallers) {
            const subject = randomSubject(world.ruled.model, world.data, tape);
            expectSameApi(world, subject);
            if (!canRead(world, subject)) continue;
            const api = world.ruled.apiOf(subject);
            const known = new KnownRows(world.data);
            const operations = ofQueries
              .splice(0, queries)
              .flatMap(
                (each, at) => (at < targets ? randomTarget : randomQuery)(api, each, known) ?? [],
              );
            await expectAgreement(side, world, subject, operations);
            countReads(counts, world, subject, operations);
          }
        });
      },
    );
    await fc.assert(property, options);
    console.log(`reads with access rules: seed ${seed}: ${counts.toString()}`);
    expect(counts.of('operations')).toBeGreaterThan(2.5 * runs);
  });

  it('callers write what the rules permit, and nothing else', async () => {
    const counts = new Counts();
    const property = fc.asyncProperty(
      fullTapes(150),
      fullTapes(1_500),
      fullTapes(400),
      fc.array(fullTapes(40), { minLength: callers, maxLength: callers }),
      fc.array(tapes(100), { minLength: callers * mutations, maxLength: callers * mutations }),
      async (ofModel, ofRules, ofData, ofCallers, ofMutations) => {
        const world = randomWorld(ofModel, ofRules, ofData);
        await withSqlSide(database.pool, world.ruled.model, async (side) => {
          for (const tape of ofCallers) {
            const subject = randomSubject(world.ruled.model, world.data, tape);
            const api = world.ruled.apiOf(subject);
            const known = new KnownRows(world.data);
            const operations = ofMutations
              .splice(0, mutations)
              .flatMap(
                (each, at) =>
                  (at < targets ? randomWriteTarget : randomMutation)(api, each, known) ?? [],
              );
            await expectAgreement(side, world, subject, operations);
            countWrites(counts, world, subject, operations);
          }
        });
      },
    );
    await fc.assert(property, options);
    console.log(`writes with access rules: seed ${seed}: ${counts.toString()}`);
    expect(counts.of('decided')).toBeGreaterThan(1.5 * runs);
  });
});

/** Without a type that the caller may read, there are no queries. */
function canRead({ ruled, data }: RandomWorld, subject: Subject): boolean {
  const world = ruled.worldOf(data, subject);
  return ruled.model.types.some((type) => world.mayRead(type));
}

/** The profile and the fields of the API are those that the evaluator expects. */
function expectSameApi({ ruled, data }: RandomWorld, subject: Subject): void {
  const world = ruled.worldOf(data, subject);
  expect(profileOf(ruled.model, subject)).toEqual(expectedProfile(world, ruled.model));
  expect(readableFields(ruled.apiOf(subject))).toEqual(expectedFields(world, ruled.model));
}

async function expectAgreement(
  side: SqlSide,
  { sdl, ruled, data }: RandomWorld,
  subject: Subject,
  operations: readonly ClientOperation[],
): Promise<void> {
  const trial = { data, operations };
  if ((await findRuleFailure(side, ruled, subject, trial)) === null) return;
  const small = await reduce(trial, ruled.apiOf(subject), async (smaller) => {
    try {
      return (await findRuleFailure(side, ruled, subject, smaller)) !== null;
    } catch {
      // The reduced trial is not valid. For example, a row refers to a row that was removed.
      return false;
    }
  });
  const failure = await findRuleFailure(side, ruled, subject, small);
  const shown = JSON.stringify({ ...small, failure }, null, 1);
  expect.fail(`The caller ${JSON.stringify(subject)} gets something else.\n${sdl}\n${shown}`);
}

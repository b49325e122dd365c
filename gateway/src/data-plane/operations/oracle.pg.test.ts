import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { readModel } from '../../../test/engine/project.ts';
import { pageThrough, randomListing, wholeListing } from '../../../test/oracle/paging.ts';
import { randomAccess } from '../../../test/oracle/random-access.ts';
import { randomData } from '../../../test/oracle/random-data.ts';
import { KnownRows } from '../../../test/oracle/random-keys.ts';
import { randomSdl } from '../../../test/oracle/random-model.ts';
import { randomMutation, randomQuery } from '../../../test/oracle/random-operation.ts';
import { reduce } from '../../../test/oracle/reduce.ts';
import { withSqlSide } from '../../../test/oracle/sql-side.ts';
import { Store } from '../../../test/oracle/store.ts';
import { tapes } from '../../../test/oracle/tape.ts';
import { findFailure, type Trial } from '../../../test/oracle/trial.ts';
import { buildApi } from '../../engine/api/build-api.ts';
import type { ProjectApi } from '../../engine/api/project-api.ts';

const database = useTestDatabase();
const { runs, seed = randomInt(2 ** 31) } = inject('propertyTests');

const worlds = Math.ceil(runs / 5);
/**
 * The number of operations per world. In 200 runs, there are 560 queries, most of which are repeated with other
 * variables.
 */
const queries = 14;
const mutations = 12;
const listings = 6;

/** Failures are shrunk by `reduce` instead of fast-check, because `reduce` needs no new tables for each attempt. */
const options = { numRuns: worlds, seed, endOnFailure: true };
const timeout = 60_000 + runs * 1_000;

const tapeOfModel = tapes(60);
const tapeOfData = tapes(200);

function tapeOfEach(count: number) {
  return fc.array(tapes(150), { minLength: count, maxLength: count });
}

describe(`in ${worlds} worlds (seed ${seed})`, { timeout }, () => {
  it('returns the same results for queries as the oracle', async () => {
    const property = fc.asyncProperty(
      tapeOfModel,
      tapeOfData,
      tapeOfEach(queries),
      async (ofModel, ofData, ofEach) => {
        const sdl = randomSdl(ofModel);
        const model = readModel(sdl);
        const api = buildApi(model, randomAccess(model, ofData));
        const data = randomData(api.index, ofData);
        const known = new KnownRows(data);
        const operations = ofEach.map((tape) => randomQuery(api, tape, known));
        await expectAgreement(api, sdl, { data, operations });
      },
    );
    await fc.assert(property, options);
  });

  it('returns the same results for mutations as the oracle', async () => {
    const property = fc.asyncProperty(
      tapeOfModel,
      tapeOfData,
      tapeOfEach(mutations),
      async (ofModel, ofData, ofEach) => {
        const sdl = randomSdl(ofModel);
        const model = readModel(sdl);
        const api = buildApi(model, randomAccess(model, ofData));
        const data = randomData(api.index, ofData);
        const known = new KnownRows(data);
        const operations = ofEach.flatMap((tape) => randomMutation(api, tape, known) ?? []);
        await expectAgreement(api, sdl, { data, operations });
      },
    );
    await fc.assert(property, options);
  });

  it('pages through lists in both directions without losing or repeating a row', async () => {
    const property = fc.asyncProperty(
      tapeOfModel,
      tapeOfData,
      tapeOfEach(listings),
      async (ofModel, ofData, ofEach) => {
        const model = readModel(randomSdl(ofModel));
        const api = buildApi(model, everything);
        const data = randomData(api.index, ofData);
        const store = new Store(api.index, data);
        await withSqlSide(database.pool, model, async (side) => {
          await side.fill(data);
          for (const tape of ofEach) {
            const listing = randomListing(api, tape, new KnownRows(data));
            const whole = hasLateError(listing.where) ? [] : wholeListing(store, listing);
            if (whole.length === 0) continue;
            const forward = await pageThrough(side, api, listing, { direction: 'FORWARD', tape });
            expect(forward).toEqual(whole);
            const backward = await pageThrough(side, api, listing, { direction: 'BACKWARD', tape });
            expect(backward).toEqual([...whole].reverse());
          }
        });
      },
    );
    await fc.assert(property, options);
  });
});

const everything = { read: 'ALL', write: 'ALL', introspect: true, rules: null } as const;

/** Patterns that end in a backslash are rejected at run time. */
function hasLateError(where: unknown): boolean {
  return /"i?like":"\\\\"/.test(JSON.stringify(where));
}

/** If the two sides disagree, shrinks the trial and prints it as a case for `oracle-cases`. */
async function expectAgreement(api: ProjectApi, sdl: string, trial: Trial): Promise<void> {
  await withSqlSide(database.pool, api.index.model, async (side) => {
    if ((await findFailure(side, api, trial)) === null) return;
    const small = await reduce(trial, api, async (smaller) => {
      try {
        return (await findFailure(side, api, smaller)) !== null;
      } catch {
        // The reduced trial is not valid. For example, a row refers to a row that was removed.
        return false;
      }
    });
    const failure = await findFailure(side, api, small);
    const { read, write } = api.access;
    const access = [read, write].map((set) => (set === 'ALL' ? set : [...set].join(' ')));
    const shown = JSON.stringify({ sdl, ...small, access, failure }, null, 1);
    expect.fail(`The oracle and PostgreSQL disagree.\n${sdl}${shown}`);
  });
}

interface Case extends Trial {
  readonly about: string;
  readonly sdl: string;
}

const directory = join(import.meta.dirname, 'oracle-cases');
const cases = readdirSync(directory).map((file): readonly [string, Case] => {
  // Every file in the directory has this format.
  const kept = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Case;
  return [kept.about, kept];
});

describe('earlier failures', () => {
  it.each(cases)('%s', async (_about, { sdl, ...trial }) => {
    const model = readModel(sdl);
    const api = buildApi(model, everything);
    const failure = await withSqlSide(database.pool, model, (side) =>
      findFailure(side, api, trial),
    );
    expect(failure).toBeNull();
  });
});

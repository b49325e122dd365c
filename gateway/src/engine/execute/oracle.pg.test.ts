import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { readModel } from '../../../test/engine/project.ts';
import { randomData } from '../../../test/oracle/random-data.ts';
import { randomSdl } from '../../../test/oracle/random-model.ts';
import { NewIds } from '../../../test/oracle/random-input.ts';
import { randomMutation, randomQuery } from '../../../test/oracle/random-operation.ts';
import { reduce } from '../../../test/oracle/reduce.ts';
import { withSqlSide, type SqlSide } from '../../../test/oracle/sql-side.ts';
import { tapes } from '../../../test/oracle/tape.ts';
import { findFailure, type Trial } from '../../../test/oracle/trial.ts';
import { buildApi } from '../api/build-api.ts';
import type { ProjectApi } from '../api/project-api.ts';

const database = useTestDatabase();
const { runs, seed = randomInt(2 ** 31) } = inject('propertyTests');

const everything = { read: 'ALL', write: 'ALL', introspect: true } as const;
const worlds = Math.ceil(runs / 5);
const queriesPerWorld = 14;
const mutationsPerWorld = 12;
let asked = 0;

it(
  `answers queries as the oracle does (${worlds} worlds, seed ${seed})`,
  { timeout: 600_000 },
  async () => {
    const property = fc.asyncProperty(
      tapes(60),
      tapes(200),
      fc.array(tapes(150), { minLength: queriesPerWorld, maxLength: queriesPerWorld }),
      async (modelTape, dataTape, queryTapes) => {
        const sdl = randomSdl(modelTape);
        const api = buildApi(readModel(sdl), everything);
        const data = randomData(api.index, dataTape);
        const operations = queryTapes.map((tape) => randomQuery(api, tape));
        asked += operations.length;
        await expectAgreement(api, sdl, { data, operations });
      },
    );
    await fc.assert(property, { numRuns: worlds, seed, endOnFailure: true });
  },
);

it(
  `does what mutations say as the oracle does (${worlds} worlds, seed ${seed})`,
  { timeout: 600_000 },
  async () => {
    const property = fc.asyncProperty(
      tapes(60),
      tapes(200),
      fc.array(tapes(150), { minLength: mutationsPerWorld, maxLength: mutationsPerWorld }),
      async (modelTape, dataTape, mutationTapes) => {
        const sdl = randomSdl(modelTape);
        const api = buildApi(readModel(sdl), everything);
        const data = randomData(api.index, dataTape);
        const newIds = new NewIds();
        const operations = mutationTapes.map((tape) => randomMutation(api, tape, newIds));
        await expectAgreement(api, sdl, { data, operations });
      },
    );
    await fc.assert(property, { numRuns: worlds, seed, endOnFailure: true });
  },
);

/** A trial in which the two sides part is made smaller, and shown as a case to keep. */
async function expectAgreement(api: ProjectApi, sdl: string, trial: Trial): Promise<void> {
  await withSqlSide(database.pool, api.index.model, async (side: SqlSide) => {
    if ((await findFailure(side, api, trial)) === null) return;
    const small = await reduce(trial, api.schema, async (smaller) => {
      try {
        return (await findFailure(side, api, smaller)) !== null;
      } catch {
        return false;
      }
    });
    const failure = await findFailure(side, api, small);
    expect.fail(`The sides part:\n${sdl}${JSON.stringify({ ...small, failure }, null, 1)}`);
  });
}

import { beforeEach, expect, it } from 'vitest';
import { useTestDatabase } from '../../../../test/database.ts';
import { signedOut } from '../../../../test/engine/boards.ts';
import { useMutations } from '../../../../test/engine/mutations.ts';

const all = '@allow(to: [READ, CREATE, UPDATE], as: PUBLIC)';
const project = useMutations(
  useTestDatabase(),
  `
  type Visit @model @id(fields: ["day", "number"]) ${all} {
    day: Date! @preset(value: "$now")
    number: Int!
    at: DateTime @preset(value: "$now")
    notes: [Note!]!
  }
  type Note @model @id(fields: ["at"]) ${all} {
    at: DateTime! @preset(value: "$now")
    visit: Visit
  }
  `,
);

beforeEach(() => project().clear());

const create = (text: string) => project().mutate(`mutation { ${text} }`, {}, { as: signedOut });

it('a row whose key contains the preset time is returned', async () => {
  const today = expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as unknown;
  expect(await create('createVisit(data: { number: 1 }) { day number at }')).toEqual({
    createVisit: { day: today, number: 1, at: expect.any(String) as unknown },
  });
  expect(await create('createVisits(data: [{ number: 2 }]) { nodes { day } }')).toEqual({
    createVisits: { nodes: [{ day: today }] },
  });
});

it('rows can be nested in it', async () => {
  const nested = 'createVisit(data: { number: 1, notes: { create: [{}] } })';
  const answer = await create(`${nested} { day at notes { nodes { at visit { number } } } }`);
  expect(answer).toMatchObject({
    createVisit: { notes: { nodes: [{ visit: { number: 1 } }] } },
  });
  const { createVisit } = answer as {
    createVisit: { at: string; notes: { nodes: { at: string }[] } };
  };
  expect(createVisit.notes.nodes[0]?.at).toBe(createVisit.at);
});

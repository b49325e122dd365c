import { expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { useTracker } from '../../test/project-api.ts';

const rows = 10_000;
const rowsPerRequest = 2_500;
const pageSize = 100;

const app = useApp();
const tracker = useTracker(app);

interface Page {
  readonly issues: {
    readonly nodes: readonly { readonly id: string; readonly number: number }[];
    readonly pageInfo: {
      readonly hasNextPage: boolean;
      readonly hasPreviousPage: boolean;
      readonly startCursor: string | null;
      readonly endCursor: string | null;
    };
  };
}

const createIssues = `mutation ($data: [IssueCreateInput!]!) {
  createIssues(data: $data) { count nodes { number } }
}`;
const selection = `nodes { id number } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;
// `estimate` has ties and `due` has nulls, so that page boundaries fall between rows that differ only in their ids.
const order = `orderBy: [{ estimate: DESC_NULLS_LAST }, { due: ASC }]`;
const forwards = `query ($after: Cursor) {
  issues(first: ${pageSize}, after: $after, ${order}) { ${selection} }
}`;
const backwards = `query ($before: Cursor) {
  issues(last: ${pageSize}, before: $before, ${order}) { ${selection} }
}`;

const numbersFrom = (start: number, count: number) =>
  Array.from({ length: count }, (_, index) => start + index);

it('pages through 10,000 rows in both directions during inserts without losing or repeating a row', async () => {
  const project = tracker();
  const { createBoard } = (await project.data(
    `mutation { createBoard(data: { key: "PAGE", name: "Paging" }) { id } }`,
  )) as { createBoard: { id: string } };
  const issue = (number: number) => ({
    number,
    title: `Issue ${number}`,
    boardId: createBoard.id,
    estimate: number % 7 === 0 ? null : String(number % 5),
    due: number % 3 === 0 ? null : `2026-01-${String((number % 28) + 1).padStart(2, '0')}`,
  });
  const create = async (numbers: readonly number[]) => {
    const answer = (await project.data(createIssues, { data: numbers.map(issue) })) as {
      createIssues: { count: number; nodes: readonly { number: number }[] };
    };
    expect(answer.createIssues.count).toBe(numbers.length);
    expect(answer.createIssues.nodes.map(({ number }) => number)).toEqual(numbers);
  };
  for (let start = 0; start < rows; start += rowsPerRequest) {
    await create(numbersFrom(start, rowsPerRequest));
  }

  let isPaging = true;
  let inserted = 0;
  const insertMeanwhile = async () => {
    while (isPaging) {
      await create(numbersFrom(rows + inserted, 5));
      inserted += 5;
    }
  };
  const pageForwards = async () => {
    const seen: number[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { issues } = (await project.data(forwards, { after })) as unknown as Page;
      seen.push(...issues.nodes.map(({ number }) => number));
      ({ endCursor: after, hasNextPage: more } = issues.pageInfo);
    }
    return seen;
  };
  const pageBackwards = async () => {
    const seen: number[] = [];
    for (let before: string | null = null, more = true; more;) {
      const { issues } = (await project.data(backwards, { before })) as unknown as Page;
      seen.unshift(...issues.nodes.map(({ number }) => number));
      ({ startCursor: before, hasPreviousPage: more } = issues.pageInfo);
    }
    return seen;
  };
  const inserting = insertMeanwhile();
  const [forth, back] = await Promise.all([pageForwards(), pageBackwards()]).finally(() => {
    isPaging = false;
  });
  await inserting;

  expect(inserted).toBeGreaterThan(0);
  const known = (numbers: readonly number[]) => numbers.filter((number) => number < rows);
  expect(new Set(forth).size).toBe(forth.length);
  expect(new Set(back).size).toBe(back.length);
  expect(known(forth).toSorted((a, b) => a - b)).toEqual(numbersFrom(0, rows));
  expect(known(back)).toEqual(known(forth));
}, 120_000);

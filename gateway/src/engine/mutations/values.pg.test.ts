import { beforeEach, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { useMutations } from '../../../test/engine/mutations.ts';

const project = useMutations(
  useTestDatabase(),
  `type File @model @unique(fields: ["name", "at"]) {
    id: ID! @id
    name: String!
    data: Bytes @unique
    parts: [Bytes!]
    at: Time
    times: [Time!]
    price: Decimal @unique @decimal(precision: 4, scale: 2)
    prices: [Decimal!] @decimal(precision: 4, scale: 2)
    folder: Folder
  }
  type Folder @model { id: ID! @id files: [File!]! }`,
);

beforeEach(() => project().clear());

const fields = 'data parts at times price prices';
const create = async (data: object): Promise<unknown> => {
  const answer = await project().mutate(
    `mutation ($data: FileCreateInput!) { createFile(data: $data) { ${fields} } }`,
    { data: { name: 'a', ...data } },
  );
  return (answer as { createFile: unknown }).createFile;
};
const issuesOf = (work: Promise<unknown>) =>
  work.then(
    () => [],
    (error: unknown) => (error as { issues: unknown }).issues,
  );

const long = Buffer.alloc(1_000, 'x').toString('base64');

it('writes bytes, times and decimals, alone and in lists', async () => {
  const row = {
    data: long,
    parts: ['', 'AP9cJw==', long],
    at: '18:30:00.5',
    times: ['00:00:00', '23:59:59.999999'],
    price: '-99.99',
    prices: ['1.00', '0.50'],
  };
  expect(await create({ ...row, at: '18:30:00.500', prices: [1, '0.500'] })).toEqual(row);
  const many = await project().mutate(
    `mutation ($data: [FileCreateInput!]!) { createFiles(data: $data) { nodes { ${fields} } } }`,
    {
      data: [
        { name: 'b', parts: [long, 'AA=='] },
        { name: 'c', data: 'AP9cJw==', at: row.at },
      ],
    },
  );
  const none = { data: null, parts: null, at: null, times: null, price: null, prices: null };
  expect(many).toEqual({
    createFiles: {
      nodes: [
        { ...none, parts: [long, 'AA=='] },
        { ...none, data: 'AP9cJw==', at: row.at },
      ],
    },
  });
  expect(await project().sql('SELECT data FROM file WHERE name = $1', ['c'])).toEqual([
    { data: Buffer.from('AP9cJw==', 'base64') },
  ]);
});

it('identifies rows by bytes, times and decimals', async () => {
  await create({ data: 'AP9cJw==', at: '18:30:00', price: 1.5 });
  const text = `mutation {
    a: updateFile(where: { data: "AP9cJw==" }, data: { parts: ["AA=="] }) { parts }
    b: updateFile(where: { name_at: { name: "a", at: "18:30:00.0" } }, data: { times: ["01:00:00"] }) { times }
    c: createFolder(data: { files: { connect: [{ price: "1.500" }] } }) { files { nodes { price } } }
    d: upsertFile(where: { data: "AA==" }, create: { name: "b" }, update: {}) { data }
  }`;
  expect(await project().mutate(text)).toEqual({
    a: { parts: ['AA=='] },
    b: { times: ['01:00:00'] },
    c: { files: { nodes: [{ price: '1.50' }] } },
    d: { data: 'AA==' },
  });
  await expect(
    project().mutate('mutation { updateFile(where: { price: 1.501 }, data: {}) { id } }'),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('names the row of a batch whose bytes exist', async () => {
  await create({ data: 'AP9cJw==' });
  const text = `mutation { createFiles(data: [{ name: "b" }, { name: "c", data: "AP9cJw==" }]) { count } }`;
  await expect(project().mutate(text)).rejects.toMatchObject({
    code: 'UNIQUE_VIOLATION',
    issues: [{ path: ['createFiles', 'data', 1] }],
  });
});

it('refuses a number with too many digits instead of rounding it', async () => {
  const message = 'This must have at most 2 digits before the decimal point and 2 after it.';
  for (const price of ['100', '-99.991', 0.001, '1e2']) {
    expect(await issuesOf(create({ price })), String(price)).toEqual([
      { path: ['createFile', 'data', 'price'], message },
    ]);
  }
  expect(await issuesOf(create({ prices: ['1', '1.555'] }))).toEqual([
    { path: ['createFile', 'data', 'prices', 1], message },
  ]);
  const connect = `mutation { createFolder(data: { files: { connect: [{ price: 1.555 }] } }) { id } }`;
  expect(await issuesOf(project().mutate(connect))).toMatchObject([{ message }]);
  const upsert = `mutation { upsertFile(where: { price: 1.555 }, create: { name: "b" }, update: {}) { id } }`;
  expect(await issuesOf(project().mutate(upsert))).not.toEqual([]);
});

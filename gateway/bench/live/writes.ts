// Writes to a model with @live, compared with the same writes to a model without it, and with those in a project
// without live models. All use 16 connections and are measured in turn.
import { median, requestsPerSecond } from '../lib/load.ts';
import type { BenchProject } from '../project-api/project.ts';
import type { Part, PartOptions } from './part.ts';
import { atLeast, figure, type Row } from './report.ts';
import type { RunningGateway } from './world.ts';

const rounds = 7;
const connections = 16;
/** What noise explains in the rate of two equal models. */
const equalRate = 0.9;

const fields = `{
  id: ID! @id
  title: String!
  status: String! @default(value: "TODO")
  number: Int!
  price: Decimal
  createdAt: DateTime! @createdAt
  updatedAt: DateTime! @updatedAt
}`;
const plainSdl = `type Plain @model(plural: "plains") ${fields}`;
const liveSdl = `${plainSdl} type Logged @model(plural: "loggeds") @live ${fields}`;

const row = '{ title: "A title of a usual length", number: 7, price: "12.50" }';
const rows = `[${Array.from({ length: 100 }, () => row).join(', ')}]`;
type Type = 'Plain' | 'Logged';
interface Shape {
  readonly name: string;
  readonly wanted: number | null;
  readonly query: (type: Type) => string;
  readonly expected: (type: Type) => string;
}
const shapes: readonly Shape[] = [
  {
    name: 'insert of one row',
    wanted: 0.75,
    query: (type) => `mutation { create${type}(data: ${row}) { id } }`,
    expected: (type) => `"create${type}":{"id"`,
  },
  {
    name: 'insert of 100 rows',
    wanted: null,
    query: (type) => `mutation { create${type}s(data: ${rows}) { count } }`,
    expected: () => '"count":100',
  },
];

export const writes: Part = async (world, options) => {
  const gateway = await world.start();
  const live = await world.createProject(liveSdl, []);
  const plain = await world.createProject(plainSdl, []);
  const found: Row[] = [];
  for (const shape of shapes)
    found.push(...(await compare(gateway, { live, plain }, shape, options)));
  return found;
};

async function compare(
  gateway: RunningGateway,
  { live, plain }: Readonly<Record<'live' | 'plain', BenchProject>>,
  shape: Shape,
  { ms }: PartOptions,
): Promise<readonly Row[]> {
  const rateOf = ({ ref, key }: BenchProject, type: Type) =>
    requestsPerSecond(
      {
        port: gateway.port,
        path: `/p/${ref}/graphql`,
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify({ query: shape.query(type) }),
        expected: shape.expected(type),
      },
      connections,
      ms / rounds,
    );
  const measured: { readonly logged: number; readonly beside: number; readonly alone: number }[] =
    [];
  // The first round only warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const rates = {
      logged: await rateOf(live, 'Logged'),
      beside: await rateOf(live, 'Plain'),
      alone: await rateOf(plain, 'Plain'),
    };
    if (round > 0) measured.push(rates);
  }
  const ofBeside = median(measured.map(({ logged, beside }) => logged / beside));
  const ofAlone = median(measured.map(({ beside, alone }) => beside / alone));
  const { name, wanted } = shape;
  return [
    figure(`${name} with @live`, median(measured.map(({ logged }) => logged)), '/s'),
    wanted === null
      ? figure(`${name} with @live, compared with a model without`, ofBeside)
      : atLeast(`${name} with @live, compared with a model without`, ofBeside, wanted, ''),
    atLeast(`${name} without @live, compared with a project without`, ofAlone, equalRate, ''),
  ];
}

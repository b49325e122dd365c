import type { GraphqlBody } from '../app.ts';
import { catalogRequests } from './catalog-requests.ts';
import type { Answer, GatewayClient } from './client.ts';
import { managementRequests } from './management-requests.ts';
import type { StoredData } from './stored-data.ts';
import { trackerRequests } from './tracker-requests.ts';

/** A request that changes nothing a later request can see, so that it can be repeated. */
export interface Request {
  readonly name: string;
  /** The code of the error that it must end in. */
  readonly refusal?: string;
  readonly send: (client: GatewayClient) => Promise<Answer>;
}

const requestsOf = (stored: StoredData): readonly Request[] => [
  ...trackerRequests(stored),
  ...catalogRequests(stored),
  // Last, since its plans count rows, which no refused mutation above may have changed.
  ...managementRequests(stored),
];

export type Answers = Readonly<Record<string, Answer>>;

/** The answers by the requests' names, one request after the other. */
export async function recordAnswers(client: GatewayClient, stored: StoredData): Promise<Answers> {
  const answers: Record<string, Answer> = {};
  for (const { name, send } of requestsOf(stored)) {
    const { status, body } = await send(client);
    answers[name] = { status, body: replaceVolatile(body) };
  }
  return answers;
}

/** The answers that are not what their requests are for: two equal mistakes would prove nothing. */
export const unintendedAnswers = (stored: StoredData, answers: Answers): Answers =>
  Object.fromEntries(
    requestsOf(stored).flatMap(({ name, refusal }) => {
      const answer = answers[name];
      return answer === undefined || refusalOf(answer.body) === refusal ? [] : [[name, answer]];
    }),
  );

/** The code of a GraphQL error, or of the expected failure that a mutation ends in. */
function refusalOf(body: unknown): string | undefined {
  if (typeof body === 'string') return undefined;
  // GraphQL over HTTP answers with this shape.
  const { errors, data } = body as GraphqlBody;
  const codes = [
    ...(errors ?? []).map(({ extensions }) => extensions?.['code']),
    // A result is an object with members, or null.
    ...Object.values(data ?? {}).map((result) => (result as { code?: unknown } | null)?.code),
  ];
  return codes.find((code) => typeof code === 'string');
}

/** Members of answers that differ between two requests to one version. */
const volatileMembers: Readonly<Record<string, string>> = {
  // Written some time after the request, to within a minute.
  lastUsedAt: '(time of last use)',
};

function replaceVolatile(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(replaceVolatile);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      volatileMembers[name] ?? replaceVolatile(member),
    ]),
  );
}

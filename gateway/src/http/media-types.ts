import { requestErrors } from '../platform/errors/request-errors.ts';

export interface MediaType {
  /** Lower case: `application/json`. */
  readonly type: string;
  /** Names in lower case; values as they stand, without quotes. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** `application/json; charset="UTF-8"` → type and parameters (RFC 9110, 8.3.1). */
export function parseMediaType(text: string): MediaType {
  const [type = '', ...rest] = text.split(';');
  const parameters = rest.map((parameter): [string, string] => {
    const [name = '', value = ''] = parameter.split('=', 2);
    return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
  });
  return { type: type.trim().toLowerCase(), parameters: new Map(parameters) };
}

export function isUtf8({ parameters }: MediaType): boolean {
  const charset = parameters.get('charset');
  return charset === undefined || /^utf-?8$/i.test(charset);
}

/** The media types that GraphQL is answered in, and which of them a client asked for. */
export interface GraphqlAnswerType {
  readonly type: 'application/json' | 'application/graphql-response+json';
  /**
   * Whether the client named `application/json`. It is then told of errors in the document with status 200,
   * as GraphQL over HTTP has it for clients that know no better; whoever takes anything is told with 4xx.
   */
  readonly keepsTo200: boolean;
}

const json = 'application/json';
const graphqlResponse = 'application/graphql-response+json';
/** What whoever does not say gets. */
export const plainJson: GraphqlAnswerType = { type: json, keepsTo200: false };
const namedJson: GraphqlAnswerType = { type: json, keepsTo200: true };
const maxAcceptedTypes = 50;

/**
 * Chooses by the Accept header (RFC 9110, 12.5.1): by weight, then by the client's order.
 * @throws RequestError `NOT_ACCEPTABLE`
 */
export function negotiateGraphqlType(accept: string | undefined): GraphqlAnswerType {
  if (accept === undefined || accept === '*/*') return plainJson;
  if (accept === json) return namedJson;
  if (accept.trim() === '') return plainJson;
  const wanted = accept
    .split(',', maxAcceptedTypes)
    .map(parseMediaType)
    .filter((mediaType) => isUtf8(mediaType) && weightOf(mediaType) > 0)
    .sort((a, b) => weightOf(b) - weightOf(a));
  for (const { type } of wanted) {
    if (type === json) return namedJson;
    if (type === graphqlResponse) return { type, keepsTo200: false };
    if (type === '*/*' || type === 'application/*') return plainJson;
  }
  throw requestErrors.notAcceptable(`${graphqlResponse} or as ${json}`);
}

function weightOf({ parameters }: MediaType): number {
  const weight = Number(parameters.get('q') ?? 1);
  return Number.isNaN(weight) ? 0 : weight;
}

/** Does a browser ask for a page? */
export function prefersHtml(accept: string | undefined): boolean {
  return (accept ?? '').split(',', maxAcceptedTypes).some((entry) => {
    const mediaType = parseMediaType(entry);
    return mediaType.type === 'text/html' && weightOf(mediaType) > 0;
  });
}

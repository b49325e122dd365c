import { isUtf8 as isUtf8Text } from 'node:buffer';

import { documentErrors } from './document-errors.ts';
import { parseExactJson } from './exact-number.ts';
import type { GraphqlRequest } from './graphql-request.ts';
import { defaultJsonLimits, exceededLimit, JsonMeter } from './json-limits.ts';

/**
 * How numbers are read that JavaScript would round. The variables of a project's API can contain an `ExactNumber`. The
 * management API has no inputs for such numbers.
 */
export type NumberReading = 'EXACT' | 'ROUNDED';

/**
 * Parses the body of a POST request.
 * @throws RequestError `BAD_REQUEST`, `PAYLOAD_TOO_LARGE` or `BATCHING_NOT_SUPPORTED`
 */
export function requestFromBody(body: Buffer, numbers: NumberReading): GraphqlRequest {
  const { value, isExact } = parseJson(body, 'The body', numbers);
  if (Array.isArray(value)) {
    throw documentErrors.batching();
  }
  return toRequest(value, { what: 'The body', mayChange: true, isExact });
}

/**
 * Checks the structure of a long body while it is received, so that one that exceeds a limit is not received whole.
 * @returns a function that takes each chunk and returns an error, or null
 */
export function inspectBody(): (chunk: Uint8Array) => Error | null {
  const meter = new JsonMeter(defaultJsonLimits);
  return (chunk) => {
    const limit = meter.scan(chunk);
    return limit && documentErrors.jsonLimit('The body', limit, defaultJsonLimits[limit]);
  };
}

/**
 * Parses the query string of a GET request.
 * @throws RequestError `BAD_REQUEST` or `PAYLOAD_TOO_LARGE`
 */
export function requestFromQuery(query: string, numbers: NumberReading): GraphqlRequest {
  const search = new URLSearchParams(query);
  const json = (name: string): ParsedJson => {
    const text = search.get(name);
    return text === null || text === ''
      ? { value: null, isExact: false }
      : parseJson(Buffer.from(text), `"${name}"`, numbers);
  };
  const variables = json('variables');
  return toRequest(
    {
      query: search.get('query'),
      operationName: search.get('operationName') === '' ? null : search.get('operationName'),
      variables: variables.value,
      extensions: json('extensions').value,
    },
    { what: 'The query string', mayChange: false, isExact: variables.isExact },
  );
}

type ParsedJson = ReturnType<typeof parseExactJson>;

function parseJson(text: Buffer, what: string, numbers: NumberReading): ParsedJson {
  const limit = exceededLimit(text, defaultJsonLimits);
  if (limit !== null) throw documentErrors.jsonLimit(what, limit, defaultJsonLimits[limit]);
  try {
    const json = isUtf8Text(text) ? text.toString() : '';
    return numbers === 'EXACT' ? parseExactJson(json) : { value: JSON.parse(json), isExact: false };
  } catch {
    throw documentErrors.invalidJson(what);
  }
}

const known = ['query', 'operationName', 'variables', 'extensions'];

interface RequestSource {
  readonly what: string;
  readonly mayChange: boolean;
  readonly isExact: boolean;
}

function toRequest(value: unknown, { what, mayChange, isExact }: RequestSource): GraphqlRequest {
  if (!isRecord(value)) throw documentErrors.noRequestObject(what);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw documentErrors.unknownMember(what, known);
  }
  const { query, operationName = null, variables = null, extensions = null } = value;
  if (typeof query !== 'string' || query === '') {
    throw documentErrors.queryNoText();
  }
  if (operationName !== null && typeof operationName !== 'string') {
    throw documentErrors.operationNameNoText();
  }
  return {
    query,
    operationName,
    variables: recordOrNull(variables, 'variables') ?? {},
    extensions: recordOrNull(extensions, 'extensions') ?? {},
    mayChange,
    ...(isExact ? { hasExactNumbers: true } : {}),
  };
}

function recordOrNull(value: unknown, name: string): Readonly<Record<string, unknown>> | null {
  if (value !== null && !isRecord(value)) throw documentErrors.memberNoObject(name);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

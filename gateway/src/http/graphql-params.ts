import { isUtf8 as isUtf8Text } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

import { parse as parseContentType } from 'content-type';

import type { GraphqlRequest } from '../graphql/graphql-request.ts';
import { documentErrors } from '../graphql/document-errors.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';

/**
 * Rejects every media type except JSON. A page on another site can make a browser send forms and `text/plain` without a
 * preflight, but not JSON.
 * @throws RequestError `UNSUPPORTED_MEDIA_TYPE`
 */
export function requireJson(request: IncomingMessage): void {
  const { headers } = request;
  if (!isJson(headers['content-type'] ?? '')) {
    throw requestErrors.notJson();
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw requestErrors.bodyCompressed();
}

function isJson(contentType: string): boolean {
  if (contentType === 'application/json') return true;
  const { type, parameters } = parseContentType(contentType);
  return type === 'application/json' && /^utf-?8$/i.test(parameters['charset'] ?? 'utf-8');
}

/** @throws RequestError `BAD_REQUEST` or `BATCHING_NOT_SUPPORTED` */
export function requestFromBody(body: Buffer): GraphqlRequest {
  const value = parseJson(isUtf8Text(body) ? body.toString() : null, 'The body');
  if (Array.isArray(value)) {
    throw documentErrors.batching();
  }
  return toRequest(value, { what: 'The body', mayChange: true });
}

/** @throws RequestError `BAD_REQUEST` */
export function requestFromQuery(query: string): GraphqlRequest {
  const search = new URLSearchParams(query);
  const json = (name: string): unknown => {
    const text = search.get(name);
    return text === null || text === '' ? null : parseJson(text, `"${name}"`);
  };
  return toRequest(
    {
      query: search.get('query'),
      operationName: search.get('operationName') === '' ? null : search.get('operationName'),
      variables: json('variables'),
      extensions: json('extensions'),
    },
    { what: 'The query string', mayChange: false },
  );
}

/** @param text null if the input is not valid UTF-8 */
function parseJson(text: string | null, what: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    throw documentErrors.invalidJson(what);
  }
  if (isNestedDeeperThan(value, maxNesting)) {
    throw documentErrors.nestedTooDeep(what, maxNesting);
  }
  return value;
}

const known = ['query', 'operationName', 'variables', 'extensions'];

function toRequest(
  value: unknown,
  { what, mayChange }: { readonly what: string; readonly mayChange: boolean },
): GraphqlRequest {
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
  };
}

function recordOrNull(value: unknown, name: string): Readonly<Record<string, unknown>> | null {
  if (value !== null && !isRecord(value)) throw documentErrors.memberNoObject(name);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const maxNesting = 64;

/**
 * Checks the depth of a parsed value. A bounded depth protects code that later recurses into the value. The recursion
 * of this function is at most `levels` deep.
 */
function isNestedDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((each) => isNestedDeeperThan(each, levels - 1));
  for (const key in value) {
    // Values from JSON.parse have own properties only.
    const inner = (value as Record<string, unknown>)[key];
    if (isNestedDeeperThan(inner, levels - 1)) return true;
  }
  return false;
}

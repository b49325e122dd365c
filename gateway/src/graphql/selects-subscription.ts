import { Lexer, Source, TokenKind } from 'graphql';

import type { GraphqlRequest } from './graphql-request.ts';

/**
 * Whether a request selects a subscription. Reads only the tokens, so that the document is not parsed twice. The errors of
 * a malformed document or an ambiguous selection are found later, when the operation runs.
 */
export function selectsSubscription({
  query,
  operationName,
}: Pick<GraphqlRequest, 'query' | 'operationName'>): boolean {
  if (!query.includes(keyword)) return false;
  try {
    return hasSubscription(new Lexer(new Source(query)), operationName);
  } catch {
    return false;
  }
}

const keyword = 'subscription';
const opening: ReadonlySet<TokenKind> = new Set([
  TokenKind.BRACE_L,
  TokenKind.PAREN_L,
  TokenKind.BRACKET_L,
]);
const closing: ReadonlySet<TokenKind> = new Set([
  TokenKind.BRACE_R,
  TokenKind.PAREN_R,
  TokenKind.BRACKET_R,
]);

/** @throws GraphQLError if a token is malformed */
function hasSubscription(lexer: Lexer, name: string | null): boolean {
  let depth = 0;
  /** Whether the next token begins a definition. */
  let isStart = true;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    if (isStart && token.kind === TokenKind.NAME && token.value === keyword) {
      const next = lexer.lookahead();
      if (name === null || (next.kind === TokenKind.NAME && next.value === name)) return true;
    }
    if (opening.has(token.kind)) depth += 1;
    if (closing.has(token.kind)) depth -= 1;
    isStart = depth === 0 && token.kind === TokenKind.BRACE_R;
  }
  return false;
}

import { GraphQLError, Kind, Lexer, Source, TokenKind, parse, type DocumentNode } from 'graphql';
import type { DiagnosticBag } from './diagnostic-bag.ts';
import { syntaxHint } from './familiar.ts';
import { limits } from './limits.ts';

const opening: ReadonlySet<string> = new Set([
  TokenKind.BRACE_L,
  TokenKind.BRACKET_L,
  TokenKind.PAREN_L,
]);
const closing: ReadonlySet<string> = new Set([
  TokenKind.BRACE_R,
  TokenKind.BRACKET_R,
  TokenKind.PAREN_R,
]);

/**
 * Parses a schema's SDL. Checks the size and nesting first, because the parser is recursive. Text that contains only
 * comments results in a document without definitions.
 *
 * @returns null if the text cannot be parsed; the diagnostic is in the bag
 */
export function parseDocument(text: string, bag: DiagnosticBag): DocumentNode | null {
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.sdlBytes) {
    bag.report({ line: 1, column: 1 }, 'SDL_TOO_LARGE', bytes);
    return null;
  }
  try {
    const shape = scan(text, bag);
    if (shape === 'TOO_DEEP') return null;
    if (shape === 'EMPTY') return emptyDocument;
    return parse(text);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const { line, column } = error.locations?.[0] ?? { line: 1, column: 1 };
    bag.report({ line, column }, 'SYNTAX_ERROR', error.message, syntaxHint(text, { line, column }));
    return null;
  }
}

const emptyDocument: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/** Checks how deeply brackets are nested, without parsing the text. @throws GraphQLError for an invalid token */
function scan(text: string, bag: DiagnosticBag): 'READY' | 'EMPTY' | 'TOO_DEEP' {
  const lexer = new Lexer(new Source(text));
  let depth = 0;
  if (lexer.advance().kind === TokenKind.EOF) return 'EMPTY';
  for (let token = lexer.token; token.kind !== TokenKind.EOF; token = lexer.advance()) {
    if (closing.has(token.kind)) depth -= 1;
    if (opening.has(token.kind)) depth += 1;
    if (depth > limits.nesting) {
      bag.report(token, 'NESTED_TOO_DEEP');
      return 'TOO_DEEP';
    }
  }
  return 'READY';
}

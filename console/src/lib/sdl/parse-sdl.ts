import { GraphQLError, Kind, Lexer, parse, Source, TokenKind, type DocumentNode } from 'graphql';

/** A syntax error. Lines and columns start at 1. */
export interface SyntaxProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export type SdlParsing =
  | { readonly ok: true; readonly document: DocumentNode }
  | { readonly ok: false; readonly problem: SyntaxProblem };

/**
 * Parses SDL text as the engine does: text that contains only comments is treated as a document without definitions.
 */
export function parseSdl(text: string): SdlParsing {
  try {
    const isEmpty = new Lexer(new Source(text)).advance().kind === TokenKind.EOF;
    return { ok: true, document: isEmpty ? emptyDocument : parse(text) };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}

const emptyDocument: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

function problemOf(error: unknown): SyntaxProblem {
  if (error instanceof GraphQLError) {
    const { line, column } = error.locations?.[0] ?? { line: 1, column: 1 };
    return { message: error.message, line, column };
  }
  // The parser is recursive, so deeply nested brackets can overflow the stack.
  if (error instanceof RangeError) {
    return { message: 'Brackets are nested too deeply.', line: 1, column: 1 };
  }
  throw error;
}

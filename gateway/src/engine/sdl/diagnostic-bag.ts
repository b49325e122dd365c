import type { ASTNode } from 'graphql';
import { problems, type Diagnostic, type DiagnosticCode, type Facts } from './diagnostics.ts';
import { limits } from './limits.ts';

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Collects the diagnostics of a schema, so that the user sees all of them at once. */
export interface DiagnosticBag {
  report<Code extends DiagnosticCode>(
    at: ASTNode | Position,
    code: Code,
    ...facts: Facts<Code>
  ): void;
  isEmpty(): boolean;
  /**
   * Returns the diagnostics in the order of their positions in the text. If there are too many, the last one states
   * that the rest are not listed.
   */
  all(): readonly Diagnostic[];
}

export function createDiagnosticBag(): DiagnosticBag {
  const found: Diagnostic[] = [];
  const add = (diagnostic: Diagnostic) => {
    if (found.length <= limits.diagnostics) found.push(diagnostic);
  };
  return {
    report(at, code, ...facts) {
      // `Facts<Code>` are the parameters of `problems[code]`, but TypeScript cannot relate the two.
      const word = problems[code] as (...args: typeof facts) => { message: string; hint: string };
      add({ code, ...positionOf(at), ...word(...facts) });
    },
    isEmpty: () => found.length === 0,
    all() {
      const sorted = found
        .slice(0, limits.diagnostics)
        .sort((a, b) => a.line - b.line || a.column - b.column);
      const last = sorted.at(-1);
      if (found.length <= limits.diagnostics || last === undefined) return sorted;
      const more = problems.TOO_MANY_DIAGNOSTICS();
      return [
        ...sorted,
        { code: 'TOO_MANY_DIAGNOSTICS', line: last.line, column: last.column, ...more },
      ];
    },
  };
}

function positionOf(at: ASTNode | Position): Position {
  if ('line' in at) return { line: at.line, column: at.column };
  const token = at.loc?.startToken;
  return { line: token?.line ?? 1, column: token?.column ?? 1 };
}

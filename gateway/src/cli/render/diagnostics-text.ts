import type { Diagnostic } from '../gateway/schema-api.ts';
import type { SdlSource } from '../sdl-file.ts';
import { type Paint, charactersOf, printable } from './terminal.ts';

/** If a line is longer, only the part around the error is shown. */
const maxWidth = 120;

/**
 * Formats diagnostics the way a compiler does, each with its line and a caret at its column:
 *
 *     schema.graphql:12:10 error UNKNOWN_TYPE There is no type "Foo".
 *        12 |   owner: Foo!
 *           |          ^
 *           = Declare it or correct the name.
 */
export function diagnosticsText(
  { name, sdl }: SdlSource,
  diagnostics: readonly Diagnostic[],
  paint: Paint,
): string {
  // The line terminators defined in section 2.1.4 of the GraphQL specification.
  const lines = sdl.split(/\r\n|[\n\r]/);
  const each = diagnostics.map((diagnostic) => {
    const { code, message, line, column, hint } = diagnostic;
    return [
      `${paint('bold', `${name}:${line}:${column}`)} ${paint('red', 'error')} ${code} ${printable(message)}`,
      ...excerpt(lines[line - 1], diagnostic, paint),
      ...(hint === null || hint === '' ? [] : [`${gutter('=', paint)} ${printable(hint)}`]),
      '',
    ].join('\n');
  });
  const count = diagnostics.length === 1 ? '1 error' : `${diagnostics.length} errors`;
  return `${each.join('\n')}\n${count} in ${name}. Nothing was changed.\n`;
}

/** The line with a caret below it, or nothing if the SDL has no such line. */
function excerpt(
  line: string | undefined,
  place: Pick<Diagnostic, 'line' | 'column'>,
  paint: Paint,
): readonly string[] {
  if (line === undefined) return [];
  const column = Math.min(place.column - 1, line.length);
  const start = column < maxWidth - 20 ? 0 : column - maxWidth / 2;
  const shown = line.slice(start, start + maxWidth);
  const cutBefore = start > 0 ? '…' : '';
  const cutAfter = start + maxWidth < line.length ? '…' : '';
  // Tabs are kept so that both lines have the same indentation.
  const before = cutBefore + line.slice(start, column);
  const indent = charactersOf(before)
    .map((character) => (character === '\t' ? '\t' : ' '))
    .join('');
  return [
    `${paint('dim', `${String(place.line).padStart(5)} |`)} ${cutBefore}${printable(shown)}${cutAfter}`,
    `${gutter('|', paint)} ${indent}${paint('red', '^')}`,
  ];
}

const gutter = (sign: string, paint: Paint): string => paint('dim', `      ${sign}`);

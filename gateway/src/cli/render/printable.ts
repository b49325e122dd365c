/**
 * Text from elsewhere (a project's name, a message that quotes somebody) in which nothing commands the
 * terminal: each control character becomes a visible stand-in. A tab may stay.
 */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t]/gu, '�');
}

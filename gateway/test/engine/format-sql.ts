const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\((?=(?:SELECT|INSERT|UPDATE|DELETE)\b)|[()]|\b(?:FROM|WHERE|SET|VALUES|USING|RETURNING|ON CONFLICT|ORDER BY|LIMIT|OFFSET|CROSS JOIN|LEFT JOIN|JOIN)\b|[^'"()\s]+|\s+/g;

const clauses = new Set([
  'FROM',
  'WHERE',
  'SET',
  'VALUES',
  'USING',
  'RETURNING',
  'ON CONFLICT',
  'ORDER BY',
  'LIMIT',
  'OFFSET',
  'CROSS JOIN',
  'LEFT JOIN',
  'JOIN',
]);

const statements = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE']);

/** Formats a statement for reading: one clause per line, with indented subqueries. The meaning does not change. */
export function formatSql(text: string): string {
  const open: ('QUERY' | 'OTHER')[] = ['QUERY'];
  const depth = () => open.filter((kind) => kind === 'QUERY').length - 1;
  const newLine = () => `\n${'  '.repeat(depth())}`;
  let result = '';
  const tokens = text.match(token) ?? [];
  tokens.forEach((each, index) => {
    if (each === '(') {
      const isQuery = statements.has(tokens[index + 1] ?? '');
      open.push(isQuery ? 'QUERY' : 'OTHER');
      result += isQuery ? `(${newLine()}` : '(';
    } else if (each === ')') {
      const kind = open.pop();
      result += kind === 'QUERY' ? `${newLine()})` : ')';
    } else if (clauses.has(each) && open.at(-1) === 'QUERY') {
      result = `${result.trimEnd()}${newLine()}${each}`;
    } else result += each;
  });
  return result;
}

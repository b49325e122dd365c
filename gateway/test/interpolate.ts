/**
 * Replaces the variables of a value in a compose file, as `docker compose` does: `${NAME}`, `${NAME:-default}` and
 * `${NAME:?message}`, where a default can contain variables. A variable that is empty counts as unset.
 * @throws Error with the message of a required variable that is unset
 */
export function interpolate(text: string, env: Readonly<Record<string, string>>): string {
  const start = text.indexOf('${');
  if (start === -1) return text;
  const end = endOfVariable(text, start);
  const [, name = '', operator, operand = ''] =
    /^([A-Z_]+)(?:(:[-?])(.*))?$/.exec(text.slice(start + 2, end)) ?? [];
  if (name === '') throw new Error(`Unknown kind of variable: ${text}`);
  return (
    text.slice(0, start) +
    valueOf(name, operator, operand, env) +
    interpolate(text.slice(end + 1), env)
  );
}

function valueOf(
  name: string,
  operator: string | undefined,
  operand: string,
  env: Readonly<Record<string, string>>,
): string {
  const value = env[name] ?? '';
  if (value !== '' || operator === undefined) return value;
  if (operator === ':?') throw new Error(`${name}: ${operand}`);
  return interpolate(operand, env);
}

/** Returns the index of the brace that closes the variable. */
function endOfVariable(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    if (text.startsWith('${', index)) depth += 1;
    if (text[index] === '}' && --depth === 0) return index;
  }
  throw new Error(`Unclosed variable: ${text}`);
}

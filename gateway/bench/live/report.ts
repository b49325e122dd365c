/** A figure and, if there is one, its target. */
export interface Row {
  readonly what: string;
  readonly found: string;
  /** Null if the figure has no target. */
  readonly target: { readonly text: string; readonly isMet: boolean } | null;
}

export function atMost(what: string, found: number, most: number, unit: string): Row {
  return {
    what,
    found: `${short(found)} ${unit}`.trimEnd(),
    target: { text: `≤ ${most} ${unit}`.trimEnd(), isMet: found <= most },
  };
}

export function atLeast(what: string, found: number, least: number, unit: string): Row {
  return {
    what,
    found: `${short(found)} ${unit}`.trimEnd(),
    target: { text: `≥ ${least} ${unit}`.trimEnd(), isMet: found >= least },
  };
}

export function figure(what: string, found: number | string, unit = ''): Row {
  const text = typeof found === 'string' ? found : short(found);
  return { what, found: `${text} ${unit}`.trimEnd(), target: null };
}

/** Rounds to three digits, or to whole numbers from 100. */
function short(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

export function printRows(rows: readonly Row[]): void {
  const table = rows.map(({ what, found, target }) => {
    const verdict = target === null ? '' : target.isMet ? 'met' : 'MISSED';
    return [what, { found, target: target?.text ?? '', verdict }] as const;
  });
  console.table(Object.fromEntries(table));
}

export function printMissed(rows: readonly Row[]): void {
  const missed = rows.filter(({ target }) => target?.isMet === false);
  console.log(
    missed.length === 0
      ? 'All targets are met.'
      : `Missed: ${missed.map(({ what, found, target }) => `${what}: ${found} (${target?.text})`).join('; ')}.`,
  );
}

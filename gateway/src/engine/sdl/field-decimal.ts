import type { DiagnosticBag } from './diagnostic-bag.ts';
import { limits } from './limits.ts';
import type { Precision } from './model.ts';
import type { FieldDraft, FieldType } from './outline.ts';

/** Returns the precision of `@decimal`. Null if it is missing or invalid. */
export function precisionOf(
  { directives }: FieldDraft,
  type: Pick<FieldType, 'kind' | 'name'>,
): Precision | null {
  const use = directives.first('decimal');
  const [precision, scale] = [use?.value('precision') ?? null, use?.value('scale') ?? null];
  if (!isDecimal(type) || precision === null || scale === null) return null;
  return boundsOf({ precision, scale }).every(isWithin) ? { precision, scale } : null;
}

/** Like `precisionOf`, but also reports a directive that is invalid. */
export function readPrecision(
  draft: FieldDraft,
  type: FieldType,
  bag: DiagnosticBag,
): Precision | null {
  const use = draft.directives.first('decimal');
  if (use === undefined) return null;
  if (!isDecimal(type)) {
    bag.report(use.node, 'DIRECTIVE_MISPLACED', 'decimal', 'it applies only to Decimal');
    return null;
  }
  const [precision, scale] = [use.value('precision'), use.value('scale')];
  if (precision === null || scale === null) return null;
  const wrong = boundsOf({ precision, scale }).find((bound) => !isWithin(bound));
  if (wrong !== undefined) {
    const expected = `a whole number from ${wrong.low} to ${wrong.high}`;
    bag.report(use.at(wrong.name), 'BAD_ARGUMENT', 'decimal', wrong.name, expected);
  }
  return precisionOf(draft, type);
}

function isDecimal({ kind, name }: Pick<FieldType, 'kind' | 'name'>): boolean {
  return kind === 'SCALAR' && name === 'Decimal';
}

function boundsOf({ precision, scale }: Precision) {
  return [
    { name: 'precision', value: precision, low: 1, high: limits.decimalPrecision },
    { name: 'scale', value: scale, low: 0, high: precision },
  ] as const;
}

function isWithin({ value, low, high }: ReturnType<typeof boundsOf>[number]): boolean {
  return low <= value && value <= high;
}

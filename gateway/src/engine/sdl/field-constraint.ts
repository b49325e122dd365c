import type { DiagnosticBag } from './diagnostic-bag.ts';
import type { FieldDirectives } from './directives.ts';
import { compareDecimals, parseDecimal } from './decimal.ts';
import { limits } from './limits.ts';
import type { FieldConstraint } from './model.ts';
import type { FieldDraft, FieldType } from './outline.ts';
import { PatternError } from './pattern/parse-pattern.ts';
import type { PatternChecks } from './pattern/pattern-checks.ts';
import { numberText, type NumericScalar } from './scalar-values.ts';
import { isScalarName, scalars, type ConstraintFamily } from './scalars.ts';

type ConstraintUse = NonNullable<ReturnType<typeof constraintUse>>;

const textArguments = ['minLength', 'maxLength', 'pattern', 'format'] as const;
const numberArguments = ['min', 'max'] as const;
const argumentsOf: Readonly<Record<ConstraintFamily, readonly (keyof FieldConstraint)[]>> = {
  TEXT: textArguments,
  NUMBER: numberArguments,
  NONE: [],
};

/** Reads the `@constraint` of a scalar or enum field. @returns null if it is missing or has no valid rule */
export function readConstraint(
  draft: FieldDraft,
  type: FieldType,
  patterns: PatternChecks,
  bag: DiagnosticBag,
): FieldConstraint | null {
  const use = constraintUse(draft.directives);
  if (use === undefined || !argumentsFitType(use, type, bag)) return null;
  const constraint: FieldConstraint = {
    minLength: readLength(use, 'minLength', bag),
    maxLength: readLength(use, 'maxLength', bag),
    pattern: readPattern(use, patterns, bag),
    min: readBound(use, 'min', type, bag),
    max: readBound(use, 'max', type, bag),
    format: use.value('format'),
  };
  refuseEmptyRange(constraint, use, bag);
  return Object.values(constraint).every((rule) => rule === null) ? null : constraint;
}

function constraintUse(directives: FieldDirectives) {
  return directives.first('constraint');
}

function argumentsFitType(use: ConstraintUse, type: FieldType, bag: DiagnosticBag): boolean {
  const family =
    !type.list && type.kind === 'SCALAR' && isScalarName(type.name)
      ? scalars[type.name].constraints
      : 'NONE';
  const allowed = argumentsOf[family];
  const wrong = [...textArguments, ...numberArguments].filter(
    (name) => use.value(name) !== null && !allowed.includes(name),
  );
  const written = type.list ? `[${type.name}]` : type.name;
  for (const name of wrong) {
    const hint =
      allowed.length > 0
        ? `Constraints for ${type.name}: ${allowed.join(', ')}.`
        : 'minLength, maxLength, pattern and format apply to String; min and max apply to Int, Float, BigInt and Decimal.';
    bag.report(use.node, 'BAD_CONSTRAINT', `${name} does not apply to ${written}.`, hint);
  }
  if (use.node.arguments?.length === 0) {
    const message = 'This @constraint has no arguments.';
    bag.report(use.node, 'BAD_CONSTRAINT', message, 'Add an argument, or remove @constraint.');
  }
  return wrong.length === 0;
}

function readLength(
  use: ConstraintUse,
  name: 'minLength' | 'maxLength',
  bag: DiagnosticBag,
): number | null {
  const length = use.value(name);
  if (length === null || length <= limits.textLength) return length;
  const hint = `The largest allowed value is ${limits.textLength}.`;
  bag.report(use.node, 'BAD_CONSTRAINT', `${name} is too large.`, hint);
  return null;
}

function readPattern(
  use: ConstraintUse,
  patterns: PatternChecks,
  bag: DiagnosticBag,
): string | null {
  const pattern = use.value('pattern');
  if (pattern === null) return null;
  try {
    patterns.check(pattern);
    return pattern;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    bag.report(use.at('pattern'), 'BAD_PATTERN', error.message, error.hint);
    return null;
  }
}

function readBound(
  use: ConstraintUse,
  name: 'min' | 'max',
  type: FieldType,
  bag: DiagnosticBag,
): string | null {
  const text = use.value(name);
  if (text === null || !isNumeric(type.name)) return null;
  const bound = numberText(type.name, text);
  if (bound === null) {
    const what = `${name} is not a valid value of type ${type.name}.`;
    bag.report(use.at(name), 'BAD_CONSTRAINT', what, 'Use a number that is valid for this type.');
  }
  return bound;
}

function isNumeric(name: string): name is NumericScalar {
  return isScalarName(name) && scalars[name].constraints === 'NUMBER';
}

function refuseEmptyRange(
  { minLength, maxLength, min, max }: FieldConstraint,
  use: ConstraintUse,
  bag: DiagnosticBag,
): void {
  const bounds = [parseDecimal(min ?? ''), parseDecimal(max ?? '')] as const;
  const numbersCross =
    bounds[0] !== null && bounds[1] !== null && compareDecimals(bounds[0], bounds[1]) > 0;
  const lengthsCross = minLength !== null && maxLength !== null && minLength > maxLength;
  if (numbersCross || lengthsCross) {
    const hint = 'Swap the two limits, or correct one of them.';
    bag.report(use.node, 'BAD_CONSTRAINT', 'No value satisfies both limits.', hint);
  }
}

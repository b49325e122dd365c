/** What TypeScript does not declare yet: JSON.parse source text access, ECMAScript 2026. */
interface ExactJson {
  readonly rawJSON?: (text: string) => unknown;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context?: { readonly source?: string }) => unknown,
  ): unknown;
}

const exactJson = JSON as ExactJson;

/** Whether this browser can keep numbers whose digits a JavaScript number would lose. */
export const keepsEveryDigit = exactJson.rawJSON !== undefined;

/** A number in JSON that a JavaScript number would change. `JSON.stringify` writes its digits again. */
class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): unknown {
    return exactJson.rawJSON?.(this.text);
  }
}

/** Only numbers with many digits or a large exponent can change. Also matches some strings, which does no harm. */
const mayLoseDigits = /\d[\d.]{15}|\d[eE][-+]?\d{3}/;

/** Like `JSON.parse`, but numbers keep every digit in browsers that can do so. */
export function parseExactJson(text: string): unknown {
  if (!keepsEveryDigit || !mayLoseDigits.test(text)) return JSON.parse(text);
  return exactJson.parse(text, (_key, value, context) =>
    typeof value === 'number' && context?.source !== undefined && !isExactNumber(context.source)
      ? new ExactNumber(context.source)
      : value,
  );
}

/** Whether a JavaScript number has the same digits as a number in JSON text. */
export function isExactNumber(text: string): boolean {
  return digitsOf(text) === digitsOf(String(Number(text)));
}

/** The digits and exponent of a number, equal for all ways to write it: `150e1` for `1500.0`. */
function digitsOf(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i.exec(number) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  return `${sign}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}

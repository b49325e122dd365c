/** What a session was begun with, in words that its user recognizes. */
export interface Device {
  /** "Firefox on Windows" */
  readonly name: string;
  readonly kind: 'computer' | 'phone' | 'program';
}

/** The first that matches: what comes later is also in the text of what comes before it. */
const browsers = [
  [/\bEdgA?(?:iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOpera\b/, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bHeadlessChrome\/|\bChrome\/|\bCriOS\/|\bChromium\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*\bSafari\//, 'Safari'],
] as const;

const systems = [
  [/\biPhone\b/, 'iPhone', 'phone'],
  [/\biPad\b/, 'iPad', 'phone'],
  [/\bAndroid\b/, 'Android', 'phone'],
  [/\bWindows\b/, 'Windows', 'computer'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS', 'computer'],
  [/\bCrOS\b/, 'ChromeOS', 'computer'],
  [/\bLinux\b/, 'Linux', 'computer'],
] as const;

/**
 * Reads a `User-Agent` header (RFC 9110, section 10.1.5): the browser and its system, or the first product
 * that a program calls itself by (`curl/8.5.0`). Good enough to tell one's devices apart, and no proof of anything.
 */
export function deviceOf(userAgent: string | null): Device {
  const text = userAgent?.trim() ?? '';
  if (text === '') return { name: 'Unknown device', kind: 'program' };
  const browser = browsers.find(([pattern]) => pattern.test(text))?.[1];
  const [, system, kind] = systems.find(([pattern]) => pattern.test(text)) ?? [];
  if (browser !== undefined) {
    return {
      name: system === undefined ? browser : `${browser} on ${system}`,
      kind: kind ?? 'computer',
    };
  }
  const product = /^[^\s/()]{1,40}(?:\/[\w.-]{1,20})?/.exec(text)?.[0];
  if (product === undefined || product.startsWith('Mozilla/')) {
    return { name: system ?? 'Unknown device', kind: kind ?? 'program' };
  }
  return { name: product, kind: 'program' };
}

import Bowser from 'bowser';

/** The device that a session was started on, in words that its user recognizes. */
export interface Device {
  /** "Firefox on Windows" */
  readonly name: string;
  readonly kind: 'computer' | 'phone' | 'program';
}

/** Names that people use, where the parser has others. */
const names = new Map([
  ['Microsoft Edge', 'Edge'],
  ['Samsung Internet for Android', 'Samsung Internet'],
  ['Chromium', 'Chrome'],
  ['Chrome OS', 'ChromeOS'],
]);

const nameOf = (name = ''): string => names.get(name) ?? name;

/** For other browsers the parser returns some part of the header, of any length. */
const browsers = new Set(Object.values(Bowser.BROWSER_MAP));

/** Longer headers are cut before they are parsed with many regular expressions. */
const maxLength = 512;

/**
 * Reads a `User-Agent` header (RFC 9110, section 10.1.5): the browser and its system, or the first product of a program
 * (`curl/8.5.0`). It distinguishes a user's own devices and proves nothing.
 */
export function deviceOf(userAgent: string | null): Device {
  const text = (userAgent ?? '').trim().slice(0, maxLength);
  // Every browser starts with one of these, for compatibility with the first ones.
  if (!/^(?:Mozilla|Opera)\//.test(text)) return programOf(text);
  const { browser, os, platform } = Bowser.parse(text);
  const system = os.name === 'iOS' ? (platform.model ?? 'iPhone') : nameOf(os.name);
  const browserName = browsers.has(browser.name ?? '') ? nameOf(browser.name) : '';
  const known = [browserName, system].filter((name) => name !== '');
  if (known.length === 0) return { name: 'Unknown device', kind: 'program' };
  return { name: known.join(' on '), kind: kindOf(platform.type) };
}

function programOf(text: string): Device {
  const product = /^[^\s/()]{1,40}(?:\/[\w.-]{1,20})?/.exec(text)?.[0];
  return { name: product ?? 'Unknown device', kind: 'program' };
}

function kindOf(platform = 'desktop'): Device['kind'] {
  switch (platform) {
    case 'mobile':
    case 'tablet':
      return 'phone';
    case 'bot':
      return 'program';
    default:
      return 'computer';
  }
}

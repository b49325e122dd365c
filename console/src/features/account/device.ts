import Bowser from 'bowser';

/** The device on which a session was started, described in terms that its user recognizes. */
export interface Device {
  /** "Firefox on Windows" */
  readonly name: string;
  readonly kind: 'computer' | 'phone' | 'program';
}

/** Common names for browsers that the parser names differently. */
const names = new Map([
  ['Microsoft Edge', 'Edge'],
  ['Samsung Internet for Android', 'Samsung Internet'],
  ['Chromium', 'Chrome'],
  ['Chrome OS', 'ChromeOS'],
]);

const nameOf = (name = ''): string => names.get(name) ?? name;

/**
 * The names of the browsers that the parser recognizes. For any other browser, the parser returns text of any length
 * from the header.
 */
const browsers = new Set(Object.values(Bowser.BROWSER_MAP));

/** Longer headers are truncated, because the parser matches many regular expressions. */
const maxLength = 512;

/**
 * Parses a `User-Agent` header (RFC 9110, section 10.1.5). Returns the browser and its operating system or, for any
 * other program, the first product (`curl/8.5.0`). Clients can send any value, so the result is only for display.
 */
export function deviceOf(userAgent: string | null): Device {
  const text = (userAgent ?? '').trim().slice(0, maxLength);
  // For compatibility, every browser's header starts with one of these products.
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

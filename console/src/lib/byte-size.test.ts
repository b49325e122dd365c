import { expect, it } from 'vitest';

import { byteSize } from './byte-size.ts';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.00 kB'],
  [1_250_000, '1.25 MB'],
  [9_999_999, '10.0 MB'],
  [43_123_000_000, '43.1 GB'],
  [999_499_999, '999 MB'],
  [999_500_000, '1.00 GB'],
  [5e18, '5000 PB'],
])('formats %d bytes as %s', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});

import { describe, expect, it } from 'vitest';

import { bytesIn, bytesOf, ByteList, textOfBytes } from './bytes.ts';

const texts = [
  '',
  'plain',
  'ü',
  '日本語',
  '🚀',
  '\u0000\u007f',
  'x'.repeat(10_000),
  'ü'.repeat(50_000),
];

describe('bytes', () => {
  it.each(texts)('decode to the text that was encoded: %.10s', (text) => {
    expect(textOfBytes(bytesOf(text))).toBe(text);
    expect(bytesOf(text)).toHaveLength(Buffer.byteLength(text));
  });

  it.each(texts)('of a part of a buffer are the bytes of that part: %.10s', (text) => {
    const buffer = Buffer.from(`before ${text} after`);
    const part = bytesIn(buffer, 7, buffer.length - 6);
    expect(textOfBytes(part)).toBe(text);
  });
});

describe('a list of bytes', () => {
  const list = () => {
    const bytes = new ByteList();
    for (const text of texts) {
      const buffer = Buffer.from(text);
      bytes.add(bytesIn(buffer, 0, buffer.length));
    }
    return bytes;
  };

  it('is the concatenation of its parts', () => {
    expect(String(list())).toBe(texts.join(''));
    expect(list()).toHaveLength(Buffer.byteLength(texts.join('')));
    expect(String(ByteList.of('ü').addAll(list()).add(bytesOf('ü')))).toBe(`ü${texts.join('')}ü`);
  });

  it('joins characters whose bytes are in different parts', () => {
    const rocket = Buffer.from('🚀');
    const split = new ByteList().add(bytesIn(rocket, 0, 1)).add(bytesIn(rocket, 1, 4));
    expect(String(split)).toBe('🚀');
    expect(split.parts).toHaveLength(1);
  });

  it('does not join long parts, which would copy them', () => {
    const long = Buffer.alloc(100_000, 'x');
    const bytes = new ByteList().add(bytesOf('a')).add(bytesIn(long, 0, long.length));
    expect(bytes.parts).toHaveLength(2);
    expect(bytes.parts[1]).toHaveProperty('buffer', long.buffer);
  });
});

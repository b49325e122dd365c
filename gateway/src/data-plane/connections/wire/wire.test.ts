import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { createChoice } from '../../../../test/engine/random-rows.ts';
import { encode } from './encode.ts';
import { FrameReader } from './frame-reader.ts';
import { serverError } from './server-error.ts';

describe('an encoded message', () => {
  const plain = { dropped: [], role: null, name: 't1', text: null, values: [] };
  const shown = (bytes: Buffer) => bytes.toString('latin1').replaceAll('\0', '.');

  it('consists of Bind, Execute and Sync for a prepared statement', () => {
    expect(shown(encode({ ...plain, values: ['a', null, 'ü', ''] }))).toBe(
      'B...!.t1....\x04...\x01a\xff\xff\xff\xff...\x02\xc3\xbc......E...\x09.....S...\x04',
    );
  });

  it('starts with the deallocations, the role and the SQL text', () => {
    const bytes = encode({ ...plain, dropped: ['t0'], role: 'r_x', text: 'SELECT 1' });
    expect(shown(bytes)).toBe(
      'C...\x08St0.' +
        'P...\x16.SET ROLE "r_x"...B...\x0c........E...\x09.....' +
        'P...\x12t1.SELECT 1...B...\x0e.t1.......E...\x09.....S...\x04',
    );
  });
});

describe('a received message', () => {
  const message = (type: string, content: Buffer): Buffer => {
    const head = Buffer.from(`${type}....`, 'latin1');
    head.writeUInt32BE(4 + content.length, 1);
    return Buffer.concat([head, content]);
  };
  const sent = ['', 'x', 'hällo 🚀', 'y'.repeat(300), '', 'ü'.repeat(70_000)];
  const { seed = Math.floor(Math.random() * 2 ** 31) } = inject('propertyTests');

  /** Passes the messages to a reader in random chunks. @returns their texts, and what is admitted and discarded */
  const readInChunks = (most: number, admits: (type: number, bytes: number) => boolean) => {
    const choose = createChoice(seed);
    const stream = Buffer.concat(sent.map((text) => message('D', Buffer.from(text))));
    const found: string[] = [];
    const announced: number[] = [];
    const reader = new FrameReader(
      (type, bytes, start, end) => {
        expect(type).toBe(0x44);
        found.push(bytes.toString('utf8', start, end));
      },
      (type, bytes) => {
        announced.push(bytes);
        return admits(type, bytes);
      },
    );
    for (let at = 0; at < stream.length;) {
      const end = at + 1 + choose(most);
      reader.read(stream.subarray(at, end));
      at = end;
    }
    expect(announced, `seed ${seed}`).toEqual(sent.map((text) => Buffer.byteLength(text)));
    return found;
  };

  it.each([1, 2, 3, 4, 5, 6, 7, 100, 65_536, 1_000_000])(
    'is reassembled from chunks of at most %i bytes',
    (most) => {
      expect(
        readInChunks(most, () => true),
        `seed ${seed}`,
      ).toEqual(sent);
    },
  );

  it.each([1, 2, 3, 4, 5, 6, 7, 100, 65_536, 1_000_000])(
    'is discarded if it is not admitted, in chunks of at most %i bytes',
    (most) => {
      for (const refused of new Set(sent)) {
        const length = Buffer.byteLength(refused);
        const found = readInChunks(most, (_, bytes) => bytes !== length);
        expect(found, `seed ${seed}`).toEqual(sent.filter((text) => text !== refused));
      }
      expect(readInChunks(most, () => false)).toEqual([]);
    },
  );

  it('is not in memory if it is not admitted', () => {
    const reader = new FrameReader(
      () => undefined,
      () => false,
    );
    const before = process.memoryUsage().arrayBuffers;
    const head = Buffer.from('D\x3f\xff\xff\xff', 'latin1');
    reader.read(head);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });

  it('is rejected if its length is invalid', () => {
    const reader = new FrameReader(() => undefined);
    expect(() => reader.read(Buffer.from('HTTP/1.1 400'))).toThrow(
      'Invalid PostgreSQL message length',
    );
    expect(() => reader.read(Buffer.from('D\0\0\0\x03'))).toThrow(
      'Invalid PostgreSQL message length',
    );
  });

  it('is parsed into an error with all relevant fields', () => {
    const content = Buffer.from('SFEHLER\0VERROR\0C23505\0Mdoppelt\0tissue\0nissue_key\0\0');
    const error = serverError(content, 0, content.length);
    expect(error).toBeInstanceOf(pg.DatabaseError);
    expect(error).toMatchObject({
      message: 'doppelt',
      severity: 'ERROR',
      code: '23505',
      table: 'issue',
      constraint: 'issue_key',
    });
  });
});

import { describe, expect, it } from 'vitest';
import { qrOf } from './qr';

const rows = (text: string) => qrOf(text)!.map((row) => row.map((dark) => (dark ? '#' : '.')).join(''));

describe('a QR code', () => {
  it('has finders in three corners, timing between them, and its own size', () => {
    const code = rows('https://example.com/g/#abc');
    expect(code).toHaveLength(25);
    for (const [row, column] of [
      [0, 0],
      [0, 18],
      [18, 0],
    ] as const) {
      const finder = code.slice(row, row + 7).map((line) => line.slice(column, column + 7));
      expect(finder).toEqual(['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######']);
    }
    expect(code[6]!.slice(8, 17)).toBe('#.#.#.#.#');
  });

  it('grows with the text up to its limit', () => {
    expect(qrOf('a'.repeat(14))).toHaveLength(21);
    expect(qrOf('a'.repeat(15))).toHaveLength(25);
    expect(qrOf('a'.repeat(412))).toHaveLength(77);
    expect(qrOf('a'.repeat(413))).toBeUndefined();
  });

  it('of another text is another', () => {
    expect(rows('https://example.com/g/#abc')).not.toEqual(rows('https://example.com/g/#abd'));
  });
});

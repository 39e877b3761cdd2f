// QR codes (ISO/IEC 18004) of short texts: byte mode, error correction M, versions 1 to 15, so that a link can be scanned.

/** Per version: error correction bytes of a block, and blocks (ISO/IEC 18004 table 9, level M). */
const kBlocks: readonly (readonly [number, number])[] = [
  [10, 1], [16, 1], [26, 1], [18, 2], [24, 2], [16, 4], [18, 4], [22, 4], [22, 5], [26, 5], [30, 5], [22, 8], [22, 9], [24, 9], [24, 10],
]; // prettier-ignore
const kLevelM = 0;
const kMasks = 8;

export type Modules = readonly (readonly boolean[])[];

/** The square of dark (true) and light modules, without the quiet zone of four. Undefined for more than 412 bytes. */
export function qrOf(text: string): Modules | undefined {
  const bytes = new TextEncoder().encode(text);
  const version =
    kBlocks.findIndex((_, index) => dataBytes(index + 1) * 8 >= headerBits(index + 1) + bytes.length * 8) + 1;
  if (version === 0) return undefined;
  const words = interleave(version, encode(version, bytes));
  let best: boolean[][] | undefined;
  let least = Infinity;
  for (let mask = 0; mask < kMasks; mask += 1) {
    const drawn = draw(version, words, mask);
    const penalty = penaltyOf(drawn);
    if (penalty >= least) continue;
    least = penalty;
    best = drawn;
  }
  return best;
}

const sizeOf = (version: number) => 17 + 4 * version;
const headerBits = (version: number) => 4 + (version < 10 ? 8 : 16);

/** Modules left for data and error correction, in bytes (the rest is patterns and information). */
function allBytes(version: number): number {
  const size = sizeOf(version);
  const finders = 3 * 64;
  const timing = 2 * (size - 16);
  const format = 31;
  let modules = size * size - finders - timing - format;
  if (version >= 2) {
    const along = alignmentsOf(version).length;
    // Two rows of alignment patterns cross the timing patterns and share five modules with each.
    modules -= (along * along - 3) * 25 - (along - 2) * 2 * 5;
  }
  if (version >= 7) modules -= 36;
  return Math.floor(modules / 8);
}
function dataBytes(version: number): number {
  const [correction, blocks] = kBlocks[version - 1]!;
  return allBytes(version) - correction * blocks;
}

/** Centres of the alignment patterns along one side (annex E). */
function alignmentsOf(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const last = sizeOf(version) - 7;
  const step = Math.ceil((last - 6) / (count - 1) / 2) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, index) => last - (count - 2 - index) * step)];
}

function encode(version: number, bytes: Uint8Array): number[] {
  const capacity = dataBytes(version);
  const bits: number[] = [];
  const put = (value: number, length: number) => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1);
  };
  put(0b0100, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, capacity * 8 - bits.length));
  while (bits.length % 8 !== 0) bits.push(0);
  const words = Array.from({ length: bits.length / 8 }, (_, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((word, bit) => word * 2 + bit, 0),
  );
  for (let pad = 0xec; words.length < capacity; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

// GF(256) over x^8 + x^4 + x^3 + x^2 + 1.
const kExp = new Uint8Array(512);
const kLog = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power += 1) {
  kExp[power] = kExp[power + 255] = value;
  kLog[value] = power;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}
const multiply = (a: number, b: number) => (a === 0 || b === 0 ? 0 : kExp[kLog[a]! + kLog[b]!]!);

function correctionOf(data: readonly number[], length: number): number[] {
  // The generator's coefficients below its leading one.
  let generator = [1];
  for (let root = 0; root < length; root += 1) {
    const next = [...generator, 0];
    generator.forEach((coefficient, index) => (next[index + 1]! ^= multiply(coefficient, kExp[root]!)));
    generator = next;
  }
  const rest = Array.from({ length }, () => 0);
  for (const word of data) {
    const factor = word ^ rest.shift()!;
    rest.push(0);
    for (let index = 0; index < length; index += 1) rest[index]! ^= multiply(generator[index + 1]!, factor);
  }
  return rest;
}

function interleave(version: number, words: number[]): number[] {
  const [correction, count] = kBlocks[version - 1]!;
  const short = Math.floor(words.length / count);
  const longFrom = count - (words.length % count);
  let at = 0;
  const blocks = Array.from({ length: count }, (_, index) => {
    const length = short + (index >= longFrom ? 1 : 0);
    return words.slice(at, (at += length));
  });
  const corrections = blocks.map((block) => correctionOf(block, correction));
  const mixed: number[] = [];
  for (let index = 0; index <= short; index += 1)
    for (const block of blocks) if (index < block.length) mixed.push(block[index]!);
  for (let index = 0; index < correction; index += 1) for (const block of corrections) mixed.push(block[index]!);
  return mixed;
}

const kMaskRules: readonly ((row: number, column: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (_, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

function draw(version: number, words: readonly number[], mask: number): boolean[][] {
  const size = sizeOf(version);
  const dark = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const fixed = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const set = (row: number, column: number, value: boolean) => {
    if (row < 0 || column < 0 || row >= size || column >= size) return;
    dark[row]![column] = value;
    fixed[row]![column] = true;
  };
  for (let index = 0; index < size; index += 1) {
    set(6, index, index % 2 === 0);
    set(index, 6, index % 2 === 0);
  }
  const centres = alignmentsOf(version);
  for (const row of centres)
    for (const column of centres) {
      const atFinder =
        (row === 6 && column === 6) || (row === 6 && column > size - 9) || (column === 6 && row > size - 9);
      if (!atFinder) square(row, column, 2, (ring) => ring !== 1, set);
    }
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]] as const) square(row, column, 4, (ring) => ring !== 2 && ring !== 4, set); // prettier-ignore
  information(version, mask, size, set);
  place(words, size, fixed, dark);
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1)
      if (!fixed[row]![column] && kMaskRules[mask]!(row, column)) dark[row]![column] = !dark[row]![column];
  return dark;
}

type Set = (row: number, column: number, value: boolean) => void;

function square(row: number, column: number, radius: number, isDark: (ring: number) => boolean, set: Set): void {
  for (let r = -radius; r <= radius; r += 1)
    for (let c = -radius; c <= radius; c += 1) set(row + r, column + c, isDark(Math.max(Math.abs(r), Math.abs(c))));
}

/** Remainder of a division of polynomials over GF(2), appended to the value. */
function withRemainder(value: number, generator: number, bits: number): number {
  let rest = value;
  for (let step = 0; step < bits; step += 1) rest = (rest << 1) ^ ((rest >> (bits - 1)) & 1 ? generator : 0);
  return (value << bits) | (rest & ((1 << bits) - 1));
}

function information(version: number, mask: number, size: number, set: Set): void {
  const format = withRemainder((kLevelM << 3) | mask, 0x537, 10) ^ 0x5412;
  const bit = (value: number, index: number) => ((value >> index) & 1) === 1;
  for (let index = 0; index < 15; index += 1) {
    const value = bit(format, index);
    // Beside the upper left finder, jumping over the timing patterns.
    if (index < 6) set(index, 8, value);
    else if (index < 8) set(index + 1, 8, value);
    else if (index === 8) set(8, 7, value);
    else set(8, 14 - index, value);
    // And again, split over the other two.
    if (index < 8) set(8, size - 1 - index, value);
    else set(size - 15 + index, 8, value);
  }
  set(size - 8, 8, true);
  if (version < 7) return;
  const number = withRemainder(version, 0x1f25, 12);
  for (let index = 0; index < 18; index += 1) {
    set(size - 11 + (index % 3), Math.floor(index / 3), bit(number, index));
    set(Math.floor(index / 3), size - 11 + (index % 3), bit(number, index));
  }
}

/** Two columns at a time from the right, up and down by turns. */
function place(words: readonly number[], size: number, fixed: readonly boolean[][], dark: boolean[][]): void {
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const up = ((right + 1) & 2) === 0;
      const row = up ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (fixed[row]![column]) continue;
        dark[row]![column] = at < words.length * 8 && ((words[at >> 3]! >> (7 - (at & 7))) & 1) === 1;
        at += 1;
      }
    }
  }
}

/** How badly a mask reads (7.8.3): long runs, blocks, look-alikes of finders, too much of one colour. */
function penaltyOf(dark: readonly boolean[][]): number {
  const size = dark.length;
  let penalty = 0;
  const kFinderLike = ['10111010000', '00001011101'];
  for (let line = 0; line < size; line += 1) {
    for (const cells of [dark[line]!, dark.map((row) => row[line]!)]) {
      let run = 1;
      for (let index = 1; index <= size; index += 1) {
        if (index < size && cells[index] === cells[index - 1]) run += 1;
        else {
          if (run >= 5) penalty += run - 2;
          run = 1;
        }
      }
      const text = cells.map((cell) => (cell ? '1' : '0')).join('');
      for (const pattern of kFinderLike)
        for (let from = text.indexOf(pattern); from >= 0; from = text.indexOf(pattern, from + 1)) penalty += 40;
    }
  }
  let count = 0;
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1) {
      if (dark[row]![column]) count += 1;
      if (row + 1 === size || column + 1 === size) continue;
      const same = [dark[row]![column + 1], dark[row + 1]![column], dark[row + 1]![column + 1]];
      if (same.every((cell) => cell === dark[row]![column])) penalty += 3;
    }
  return penalty + Math.floor(Math.abs((count * 20) / (size * size) - 10)) * 10;
}

// The picture that every foreign client sends: 4 × 4 cells of black or white, the bits of a counter that grows by one a
// frame, most significant first. Big cells survive any codec at any bit rate.
export const kWidth = 640;
export const kHeight = 360;
export const kFramesPerSecond = 25;
export const kCells = 4;
export const kModulo = 2 ** (kCells * kCells);

/** The counter as a plane of luma values, kWidth × kHeight. */
export function lumaOf(counter) {
  const plane = new Uint8Array(kWidth * kHeight);
  const cellWidth = kWidth / kCells;
  const cellHeight = kHeight / kCells;
  for (let bit = 0; bit < kCells * kCells; ++bit) {
    const white = (counter >> (kCells * kCells - 1 - bit)) & 1;
    const left = (bit % kCells) * cellWidth;
    const top = Math.floor(bit / kCells) * cellHeight;
    for (let y = top; y < top + cellHeight; ++y) plane.fill(white ? 235 : 16, y * kWidth + left, y * kWidth + left + cellWidth);
  }
  return plane;
}

/** Reads a counter back: `lumaAt(x, y)` with 0 ≤ x, y < 1. */
export function counterFrom(lumaAt) {
  let counter = 0;
  for (let bit = 0; bit < kCells * kCells; ++bit) {
    const x = ((bit % kCells) + 0.5) / kCells;
    const y = (Math.floor(bit / kCells) + 0.5) / kCells;
    counter = counter * 2 + (lumaAt(x, y) > 128 ? 1 : 0);
  }
  return counter;
}

/** What a receiver saw, from the counters in their order of arrival. */
export function summaryOf(counters) {
  let advanced = 0;
  let backwards = 0;
  for (let i = 1; i < counters.length; ++i) {
    const step = (counters[i] - counters[i - 1] + kModulo) % kModulo;
    if (step < kModulo / 2) advanced += step;
    else ++backwards;
  }
  return { frames: counters.length, distinct: new Set(counters).size, advanced, backwards };
}

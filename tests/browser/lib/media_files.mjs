// Files for tests of the media library, made here.

const kRate = 8_000;

/** A WAV file of a tone. */
export function wav(seconds, hertz = 440) {
  const count = Math.round(seconds * kRate);
  const file = Buffer.alloc(44 + count * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + count * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // mono
  file.writeUInt32LE(kRate, 24);
  file.writeUInt32LE(kRate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(count * 2, 40);
  for (let i = 0; i < count; i += 1) {
    file.writeInt16LE(Math.round(9_000 * Math.sin((2 * Math.PI * hertz * i) / kRate)), 44 + i * 2);
  }
  return file;
}

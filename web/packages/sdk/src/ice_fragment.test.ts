import { describe, expect, it } from 'vitest';
import { applyRestart, restartFragment, withoutDtx } from './ice_fragment';
import { kAnswer, kFragment, kOffer } from './testing';

const lines = (text: string) => text.split('\r\n').filter((line) => line !== '');

describe('ICE restart fragments', () => {
  it('carry the new credentials, once, with the group and the first section', () => {
    expect(lines(restartFragment(kOffer('fresh')))).toEqual([
      'a=group:BUNDLE 0 1',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'a=mid:0',
      'a=ice-ufrag:fresh',
      'a=ice-pwd:fresh-password',
    ]);
  });

  it('an answer replaces credentials and candidates in every section and keeps all else', () => {
    const renewed = lines(applyRestart(kAnswer, kFragment));
    expect(renewed.filter((line) => line === 'a=ice-ufrag:server2')).toHaveLength(2);
    expect(renewed.filter((line) => line === 'a=ice-pwd:server2-password')).toHaveLength(2);
    expect(renewed.join()).not.toContain('server1');
    expect(renewed.join()).not.toContain('192.0.2.1');
    expect(renewed.filter((line) => line.startsWith('a=candidate:'))).toContain(
      'a=candidate:2 1 udp 1 192.0.2.2 6000 typ host',
    );
    const kept = (text: string) => lines(text).filter((line) => !/^a=(ice-(ufrag|pwd)|candidate|end-of)/.test(line));
    expect(kept(renewed.join('\r\n'))).toEqual(kept(kAnswer));
  });

  it('credentials at the session level count too', () => {
    const renewed = applyRestart(kAnswer, 'a=ice-ufrag:s3\r\na=ice-pwd:p3\r\na=candidate:3 1 udp 1 ::1 7 typ host\r\n');
    expect(lines(renewed).filter((line) => line === 'a=ice-ufrag:s3')).toHaveLength(2);
    expect(renewed).toContain('a=candidate:3 ');
  });

  it('an answer without credentials is refused', () => {
    expect(() => applyRestart(kAnswer, 'a=ice-ufrag:x\r\n')).toThrow(/credentials/);
  });
});

it.each([
  ['a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1', 'a=fmtp:111 minptime=10;useinbandfec=1'],
  ['a=fmtp:111 usedtx=1;minptime=10', 'a=fmtp:111 minptime=10'],
  ['a=fmtp:111 minptime=10; usedtx=1; stereo=0', 'a=fmtp:111 minptime=10; stereo=0'],
  ['a=fmtp:111 useinbandfec=1', 'a=fmtp:111 useinbandfec=1'],
])('without discontinuous transmission: %s', (before, after) => expect(withoutDtx(before)).toBe(after));

// ICE restarts travel as SDP fragments (RFC 8840), as WHIP says (RFC 9725 section 4.3.3).

interface IceSection {
  /** `m=` line and `a=mid` value of one media section. */
  media: string;
  mid: string;
  attributes: string[];
}

const kIceAttribute = /^a=(ice-ufrag|ice-pwd|candidate|end-of-candidates)/;

function lines(sdp: string): string[] {
  return sdp.split(/\r?\n/).filter((line) => line !== '');
}

function sections(sdp: string): { session: string[]; media: string[][] } {
  const session: string[] = [];
  const media: string[][] = [];
  for (const line of lines(sdp)) {
    if (line.startsWith('m=')) media.push([line]);
    else (media.at(-1) ?? session).push(line);
  }
  return { session, media };
}

/** The fragment that asks for an ICE restart: credentials of the new offer, once, since everything is in one BUNDLE. */
export function restartFragment(offerSdp: string): string {
  const { session, media } = sections(offerSdp);
  const first = media.find((section) => section.some((line) => line.startsWith('a=ice-ufrag:'))) ?? [];
  const pick = (name: string) =>
    first.find((line) => line.startsWith(name)) ?? session.find((line) => line.startsWith(name));
  const group = session.filter((line) => line.startsWith('a=group:BUNDLE'));
  const wanted = ['a=mid:', 'a=ice-ufrag:', 'a=ice-pwd:'].map(pick).filter((line) => line !== undefined);
  const candidates = first.filter((line) => line.startsWith('a=candidate:'));
  const mediaLine = first[0] ?? 'm=audio 9 UDP/TLS/RTP/SAVPF 0';
  return [...group, mediaLine, ...wanted, ...candidates].map((line) => `${line}\r\n`).join('');
}

/** The remote description after a restart: the one before, with the credentials and candidates of the server's fragment. */
export function applyRestart(remoteSdp: string, fragment: string): string {
  const answer = sections(fragment);
  const find = (name: string) => lines(fragment).find((line) => line.startsWith(name));
  const ufrag = find('a=ice-ufrag:');
  const pwd = find('a=ice-pwd:');
  if (!ufrag || !pwd) throw new Error('The answer to an ICE restart has no credentials.');
  const fresh: IceSection[] = answer.media.map((section) => ({
    media: section[0] ?? '',
    mid: section.find((line) => line.startsWith('a=mid:')) ?? '',
    attributes: section.filter((line) => kIceAttribute.test(line)),
  }));
  const shared = lines(fragment).filter((line) => /^a=(candidate|end-of-candidates)/.test(line));
  const { session, media } = sections(remoteSdp);
  const renewed = media.map((section) => {
    const mid = section.find((line) => line.startsWith('a=mid:'));
    const own = fresh.find((candidate) => candidate.mid === mid);
    const kept = section.filter((line) => !kIceAttribute.test(line));
    return [...kept, ufrag, pwd, ...(own ? own.attributes.filter((line) => /candidate/.test(line)) : shared)];
  });
  const head = session.filter((line) => !kIceAttribute.test(line));
  return [...head, ...renewed.flat()].map((line) => `${line}\r\n`).join('');
}

/** Silence must be sent as sound in a recorded call: no discontinuous transmission, whatever an answer allows. */
export function withoutDtx(sdp: string): string {
  return sdp.replace(/;\s*usedtx=1/g, '').replace(/usedtx=1;\s*/g, '');
}

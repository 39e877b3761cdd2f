import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PagePresence } from './page_presence';

class Track extends EventTarget {
  readyState = 'live';
  muted = false;
  enabled = true;
  become(change: Partial<Pick<Track, 'readyState' | 'muted'>>, event: string) {
    Object.assign(this, change);
    this.dispatchEvent(new Event(event));
  }
}

class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
  become(state: DocumentVisibilityState) {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

function present(first: Track | undefined = new Track()) {
  let track = first;
  let connected = true;
  const sent: string[] = [];
  let onStatus: (status: { state: string }) => void = () => {};
  const page = new Page();
  const reopen = vi.fn(async () => void (track = new Track()));
  const presence = new PagePresence({
    events: {
      on: ((_name: string, listener: typeof onStatus) => {
        onStatus = listener;
        return () => (onStatus = () => {});
      }) as never,
      send: ((message: { visible: boolean; camera: string }) => {
        if (connected) sent.push(`${message.visible ? 'front' : 'hidden'} ${message.camera}`);
        return connected;
      }) as never,
    },
    camera: () => track as unknown as MediaStreamTrack | undefined,
    reopen,
    document: page as never,
  });
  return {
    presence,
    page,
    sent,
    reopen,
    track: () => track!,
    drop: () => (connected = false),
    reconnect: () => {
      connected = true;
      onStatus({ state: 'connected' });
    },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a page that is left', () => {
  it('tells that the phone took the camera, opens it again on return, and says so', async () => {
    const { presence, page, sent, reopen, track } = present();
    page.become('hidden');
    track().become({ readyState: 'ended' }, 'ended');
    expect(reopen).not.toHaveBeenCalled();
    page.become('visible');
    await vi.advanceTimersByTimeAsync(1);
    expect(reopen).toHaveBeenCalledTimes(1);
    expect(sent).toEqual(['front live', 'hidden live', 'hidden lost', 'front lost', 'front live']);
    presence.close();
  });

  it('waits a moment for a camera that was only paused', async () => {
    const { presence, page, sent, reopen, track } = present();
    page.become('hidden');
    track().become({ muted: true }, 'mute');
    page.become('visible');
    track().become({ muted: false }, 'unmute');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(reopen).not.toHaveBeenCalled();
    expect(sent.at(-1)).toBe('front live');
    presence.close();
  });

  it('opens a camera that stays paused within half a second', async () => {
    const { presence, page, reopen, track } = present();
    page.become('hidden');
    track().become({ muted: true }, 'mute');
    page.become('visible');
    await vi.advanceTimersByTimeAsync(500);
    expect(reopen).toHaveBeenCalledTimes(1);
    presence.close();
  });

  it('does not try for ever with a camera that does not come back', async () => {
    const { presence, page, reopen, track } = present();
    reopen.mockImplementation(() => Promise.reject(new DOMException('busy', 'NotReadableError')));
    track().become({ readyState: 'ended' }, 'ended');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reopen).toHaveBeenCalledTimes(1);
    page.become('hidden');
    page.become('visible');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(reopen).toHaveBeenCalledTimes(2);
    presence.close();
  });
});

describe('what is told', () => {
  it('is said again to a server that may not know it', () => {
    const { presence, page, sent, drop, reconnect } = present();
    drop();
    page.become('hidden');
    reconnect();
    expect(sent).toEqual(['front live', 'hidden live']);
    presence.close();
  });

  it('is nothing twice, and nothing after closing', () => {
    const { presence, page, sent } = present();
    presence.review();
    presence.review();
    presence.close();
    page.become('hidden');
    expect(sent).toEqual(['front live']);
  });

  it('is off for a person who switched the camera off, or has none', () => {
    const off = new Track();
    off.enabled = false;
    expect(present(off).sent).toEqual(['front off']);
  });
});

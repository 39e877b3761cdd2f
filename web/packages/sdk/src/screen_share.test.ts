import { describe, expect, it, vi } from 'vitest';
import { ScreenShare, type ScreenState } from './screen_share';

class Track {
  kind = 'video';
  contentHint = '';
  onended: (() => void) | null = null;
  stop = vi.fn();
}

function sharing(give: () => Promise<unknown>) {
  const getDisplayMedia = vi.fn(give);
  const screen = new ScreenShare({ getDisplayMedia } as never);
  const states: ScreenState[] = [];
  screen.on('state', (state) => states.push(state));
  return { screen, states, getDisplayMedia };
}
const streamOf = (...tracks: Track[]) => ({ getTracks: () => tracks, getVideoTracks: () => tracks });

describe('sharing a screen', () => {
  it('asks for readable text at few frames, and says so to the encoder', async () => {
    const track = new Track();
    const { screen, states, getDisplayMedia } = sharing(async () => streamOf(track));
    expect(await screen.start()).toBeUndefined();
    expect(getDisplayMedia).toHaveBeenCalledWith(
      expect.objectContaining({ video: expect.objectContaining({ frameRate: { ideal: 10, max: 15 } }) }),
    );
    expect(track.contentHint).toBe('detail');
    expect(states).toEqual(['asking', 'on']);
    screen.stop();
    expect(track.stop).toHaveBeenCalled();
    expect(states).toEqual(['asking', 'on', 'off']);
  });

  it("ends with the browser's own button", async () => {
    const track = new Track();
    const { screen, states } = sharing(async () => streamOf(track));
    await screen.start();
    track.onended!();
    expect(states).toEqual(['asking', 'on', 'off']);
    expect(screen.stream).toBeUndefined();
  });

  it('refused by the person is no failure', async () => {
    const { screen, states } = sharing(() => Promise.reject(new DOMException('no', 'NotAllowedError')));
    expect(await screen.start()).toBe('denied');
    expect(states).toEqual(['asking', 'off']);
  });

  it('asks once at a time', async () => {
    const { screen, getDisplayMedia } = sharing(() => new Promise(() => {}));
    void screen.start();
    void screen.start();
    expect(getDisplayMedia).toHaveBeenCalledTimes(1);
  });

  it('without a picture, or where the browser cannot, is a failure', async () => {
    const { screen } = sharing(async () => streamOf());
    expect(await screen.start()).toBe('failed');
    expect(await new ScreenShare(undefined).start()).toBe('failed');
  });
});

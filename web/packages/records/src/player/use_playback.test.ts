import { describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { usePlayback, type PlayedElement } from './use_playback';

/** An element without a decoder: what it is told, it is. */
class FakeVideo extends EventTarget {
  paused = true;
  currentTime = 0;
  duration = Number.NaN;
  playbackRate = 1;
  muted = false;
  volume = 1;
  readyState = 4;
  ranges: [number, number][] = [];
  get buffered() {
    return {
      length: this.ranges.length,
      start: (i: number) => this.ranges[i]![0],
      end: (i: number) => this.ranges[i]![1],
    };
  }
  play = vi.fn(async () => {
    this.paused = false;
    this.tell('play');
  });
  pause = vi.fn(() => {
    this.paused = true;
    this.tell('pause');
  });
  tell(name: string): void {
    this.dispatchEvent(new Event(name));
  }
}

function played(durationS = 60) {
  const video = new FakeVideo();
  video.duration = durationS;
  const element = shallowRef<PlayedElement | null>(video as unknown as PlayedElement);
  const scope = effectScope();
  const playback = scope.run(() => usePlayback(element))!;
  return { video, element, playback, scope };
}

describe('playing a film', () => {
  it('plays and pauses', () => {
    const { playback } = played();
    playback.toggle();
    expect(playback.state.playing).toBe(true);
    playback.toggle();
    expect(playback.state.playing).toBe(false);
  });

  it('seeks within the film', () => {
    const { video, playback } = played();
    playback.seekBy(-5_000);
    expect(video.currentTime).toBe(0);
    playback.seek(50_000);
    playback.seekBy(20_000);
    expect(video.currentTime).toBe(60);
    expect(playback.state.positionMs).toBe(60_000);
  });

  it('several quick steps add up, before the element has answered', () => {
    const { video, playback } = played();
    for (let i = 0; i < 3; i += 1) playback.seekBy(10_000);
    expect(video.currentTime).toBe(30);
  });

  it('the chosen speed holds for the next source too', () => {
    const { video, playback } = played();
    playback.setSpeed(1.5);
    video.playbackRate = 1; // what loading does
    video.tell('emptied');
    expect(video.playbackRate).toBe(1.5);
    playback.stepSpeed(1);
    expect([video.playbackRate, playback.state.speed]).toEqual([2, 2]);
  });

  it('tells what is buffered at this place, not elsewhere', () => {
    const { video, playback } = played();
    video.ranges = [
      [0, 5],
      [20, 31],
    ];
    video.currentTime = 25;
    video.tell('progress');
    expect(playback.state.bufferedMs).toBe(31_000);
  });

  it('a film of no known length is 0 long', () => {
    const { playback } = played(Number.POSITIVE_INFINITY);
    expect(playback.state.durationMs).toBe(0);
  });

  it('no sound at volume 0 is muted, and unmuting brings it back', () => {
    const { video, playback } = played();
    playback.setVolume(-1);
    video.tell('volumechange');
    expect(playback.state.muted).toBe(true);
    playback.toggleMute();
    video.tell('volumechange');
    expect([video.volume, playback.state.muted]).toEqual([1, false]);
  });

  it('a refused play is no error of the page', async () => {
    const { video, playback } = played();
    video.play.mockRejectedValueOnce(new DOMException('no', 'AbortError'));
    playback.play();
    await nextTick();
    expect(playback.state.playing).toBe(false);
  });

  it('hears no element that has gone', async () => {
    const { video, element, playback, scope } = played();
    element.value = null;
    await nextTick();
    video.currentTime = 9;
    video.tell('timeupdate');
    expect(playback.state.positionMs).toBe(0);
    scope.stop();
  });
});

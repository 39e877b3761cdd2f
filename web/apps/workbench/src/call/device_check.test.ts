import { describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, shallowRef } from 'vue';
import { kHeardLevel, useDeviceCheck } from './device_check';
import type { LocalMedia } from './local_media';

function page() {
  const stream = shallowRef<MediaStream>();
  const local = {
    stream,
    state: ref('off'),
    open: vi.fn(async () => {}),
    reopen: vi.fn(async () => {}),
  };
  const chosen: Record<string, string> = {};
  const choice = {
    chosen,
    checkedAt: undefined,
    choose: vi.fn((kind: string, id?: string) => void (chosen[kind] = id ?? '')),
    noteChecked: vi.fn(),
  };
  const plugged = {
    devices: shallowRef([
      { kind: 'microphone', id: 'mic', label: 'Mic' },
      { kind: 'speaker', id: 'spk', label: 'Speaker' },
    ] as const),
    news: shallowRef(),
    refresh: vi.fn(async () => {}),
    dismiss: vi.fn(),
  };
  let tell: (level: number) => void = () => {};
  const ended = vi.fn();
  const measure = vi.fn((_stream: MediaStream, hear: (level: number) => void) => {
    tell = hear;
    return ended;
  });
  const tone = vi.fn(async () => {});
  const scope = effectScope();
  const check = scope.run(() =>
    useDeviceCheck(
      { choice, watch: plugged as never },
      {
        local: local as unknown as LocalMedia,
        watchLevel: measure,
        playTone: tone,
      },
    ),
  )!;
  return { check, local, choice, plugged, scope, ended, tone, say: (level: number) => tell(level) };
}

describe('the check of the devices', () => {
  it('opens them and then reads their names', async () => {
    const { check, local, plugged, scope } = page();
    await vi.waitFor(() => expect(plugged.refresh).toHaveBeenCalledOnce());
    expect(local.open).toHaveBeenCalledOnce();
    expect(check.devices('microphone').map((device) => device.label)).toEqual(['Mic']);
    scope.stop();
  });

  it('a voice was heard once it was loud enough; another microphone is listened to anew', async () => {
    const { check, local, scope, say, ended } = page();
    local.stream.value = {} as MediaStream;
    await nextTick();
    say(kHeardLevel);
    expect(check.heard.value).toBe(false);
    say(kHeardLevel + 0.01);
    say(0);
    expect([check.heard.value, check.level.value]).toEqual([true, 0]);
    local.stream.value = { other: true } as unknown as MediaStream;
    await nextTick();
    expect(ended).toHaveBeenCalledOnce();
    expect(check.heard.value).toBe(false);
    scope.stop();
    expect(ended).toHaveBeenCalledTimes(2);
  });

  it('another camera or microphone is opened at once, another loudspeaker plays the tone', async () => {
    const { check, local, scope, tone } = page();
    check.choose('microphone', 'mic');
    check.choose('speaker', 'spk');
    expect(local.reopen).toHaveBeenCalledOnce();
    await check.play();
    expect(tone).toHaveBeenCalledWith('spk');
    tone.mockRejectedValueOnce(new Error('no device'));
    await check.play();
    expect(check.playing.value).toBe(false);
    scope.stop();
  });
});

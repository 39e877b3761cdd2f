import { describe, expect, it } from 'vitest';
import { createDeviceChoice, wished } from './device_choice';

function storage(text?: string) {
  const kept = new Map<string, string>();
  if (text !== undefined) kept.set('telewitness.workbench.devices', text);
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

describe('the devices of a machine', () => {
  it('are remembered, and that they were found good', () => {
    const machine = storage();
    const choice = createDeviceChoice(machine);
    choice.choose('microphone', 'mic-1');
    choice.choose('speaker', 'spk-1');
    choice.choose('speaker', undefined);
    choice.noteChecked(7);
    const later = createDeviceChoice(machine);
    expect(later.chosen).toEqual({ microphone: 'mic-1' });
    expect(later.checkedAt).toBe(7);
  });

  it.each(['', 'null', '{', '[]', '{"chosen":{"camera":3},"checkedAt":"x"}'])(
    'what is no choice is none: %s',
    (text) => {
      const choice = createDeviceChoice(storage(text));
      expect(choice.chosen).toEqual({});
      expect(choice.checkedAt).toBeUndefined();
    },
  );
});

it('a device is asked for by its id, but never insisted on', () => {
  expect(wished({ echoCancellation: true }, 'mic-1')).toEqual({ echoCancellation: true, deviceId: { ideal: 'mic-1' } });
  expect(wished({ echoCancellation: true }, undefined)).toEqual({ echoCancellation: true });
});

import { expect, it, vi } from 'vitest';
import { sendTo } from './speaker';

it('tells each element once, and one that cannot keeps what it has', async () => {
  const told = vi.fn(async (_id: string) => {});
  const has = { sinkId: 'headset', setSinkId: told };
  const needs = { sinkId: '', setSinkId: told };
  const cannot = {};
  const fails = { sinkId: '', setSinkId: vi.fn(async () => Promise.reject(new Error('gone'))) };
  await sendTo('headset', [has, needs, cannot, fails] as unknown as HTMLMediaElement[]);
  expect(told).toHaveBeenCalledExactlyOnceWith('headset');
  expect(fails.setSinkId).toHaveBeenCalledOnce();
});

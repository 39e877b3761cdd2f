import { expect, it, vi } from 'vitest';
import { useAction } from './action';

it('does one thing at a time', async () => {
  let finish!: () => void;
  const act = vi.fn((_n: number) => new Promise<void>((resolve) => (finish = resolve)));
  const action = useAction(act);
  const first = action.run(1);
  expect(action.busy.value).toBe(true);
  expect(await action.run(2)).toBe(false);
  finish();
  expect(await first).toBe(true);
  expect(action.busy.value).toBe(false);
  expect(act).toHaveBeenCalledTimes(1);
});

it('keeps what went wrong until the next try', async () => {
  let fail = true;
  const action = useAction(async () => {
    if (fail) throw { code: 'queue.in_use', status: 409 };
  });
  expect(await action.run()).toBe(false);
  expect(action.problem.value?.code).toBe('queue.in_use');
  fail = false;
  expect(await action.run()).toBe(true);
  expect(action.problem.value).toBeUndefined();
});

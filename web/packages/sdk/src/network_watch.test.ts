import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NetworkWatch } from './network_watch';

class Connection extends EventTarget {
  type: string | undefined = 'wifi';
  become(type: string | undefined) {
    this.type = type;
    this.dispatchEvent(new Event('change'));
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a change of network', () => {
  it('is told once, however many signs there are of it', async () => {
    const connection = new Connection();
    const watch = new NetworkWatch({ window, connection });
    const told = vi.fn();
    const stop = watch.watch(told);
    connection.become('cellular');
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toHaveBeenCalledTimes(1);
    stop();
  });

  it('is not what a new guess of the speed, or the loss of every network, says', async () => {
    const connection = new Connection();
    const told = vi.fn();
    const stop = new NetworkWatch({ window, connection }).watch(told);
    connection.become('wifi');
    connection.become('none');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).not.toHaveBeenCalled();
    connection.become('wifi');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toHaveBeenCalledTimes(1);
    stop();
  });

  it('is not listened for when nobody does', async () => {
    const watch = new NetworkWatch({ window, connection: undefined });
    const first = vi.fn();
    const second = vi.fn();
    const stopFirst = watch.watch(first);
    const stopSecond = watch.watch(second);
    stopFirst();
    stopFirst();
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(1_000);
    stopSecond();
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledTimes(1);
  });
});

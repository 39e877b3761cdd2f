import { describe, expect, it, vi } from 'vitest';
import { kLeastLeftMs, useFileTickets } from './use_file_ticket';

describe('tickets for recorded files', () => {
  function tickets() {
    const clock = { nowMs: 0 };
    let count = 0;
    const ask = vi.fn(async () => ({
      ticket: `t${++count}`,
      expiresAt: new Date(clock.nowMs + 900_000).toISOString(),
    }));
    return { clock, ask, held: useFileTickets(ask, () => clock.nowMs) };
  }

  it('are kept until they are about to expire', async () => {
    const { clock, ask, held } = tickets();
    expect(await held.sign('/a')).toBe('/a?ticket=t1');
    expect(await held.sign('/a', { download: true })).toBe('/a?ticket=t1&download=true');
    clock.nowMs = 900_000 - kLeastLeftMs - 1;
    expect(await held.sign('/b')).toBe('/b?ticket=t1');
    clock.nowMs += 1;
    expect(await held.sign('/a')).toBe('/a?ticket=t2');
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('are asked for once when two files want one', async () => {
    const { ask, held } = tickets();
    expect(await Promise.all([held.sign('/a'), held.sign('/b')])).toEqual(['/a?ticket=t1', '/b?ticket=t1']);
    expect(ask).toHaveBeenCalledOnce();
  });

  it('are renewed when one was refused', async () => {
    const { held } = tickets();
    await held.sign('/a');
    expect(await held.sign('/a', { renew: true })).toBe('/a?ticket=t2');
  });

  it('that cannot be had leave a problem and no address', async () => {
    const held = useFileTickets(async () => Promise.reject({ code: 'not_found', status: 404 }));
    expect(await held.sign('/a')).toBeUndefined();
    expect(held.problem.value?.code).toBe('not_found');
  });
});

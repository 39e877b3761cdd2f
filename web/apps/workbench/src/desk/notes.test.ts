import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue';
import type { Notes } from '@telewitness/desk';
import { kMostNotes, kSaveAfterMs, kSaveAgainMs, useNotes } from './notes';

const conflict = { code: 'notes.conflict', status: 409, params: { version: '7' } };
let scope: EffectScope;

function page(first: Notes = { version: 0, text: '' }) {
  const known = shallowRef<Notes | undefined>(first);
  const api = {
    notes: vi.fn(async (_id: string): Promise<Notes> => ({ version: 7, text: '别人的话' })),
    writeNotes: vi.fn(async (_id: string, change: { text: string; version: number }): Promise<Notes> => ({
      text: change.text,
      version: change.version + 1,
    })),
  };
  scope = effectScope();
  const notes = scope.run(() => useNotes('itv_1', () => known.value, api))!;
  return { known, api, notes };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

describe('notes', () => {
  it('are kept once, a moment after the last letter', async () => {
    const { api, notes } = page();
    notes.write('月');
    await vi.advanceTimersByTimeAsync(kSaveAfterMs - 1);
    notes.write('月入两万');
    expect(notes.state.value).toBe('typing');
    await vi.advanceTimersByTimeAsync(kSaveAfterMs - 1);
    expect(api.writeNotes).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(api.writeNotes.mock.calls).toEqual([['itv_1', { text: '月入两万', version: 0 }, false]]);
    expect(notes.state.value).toBe('saved');
    notes.write('月入三万');
    await vi.advanceTimersByTimeAsync(kSaveAfterMs);
    expect(api.writeNotes.mock.lastCall?.[1].version).toBe(1);
  });

  it('take what the server tells only while nothing of ours is unsaved', async () => {
    const { known, notes } = page({ version: 1, text: 'a' });
    known.value = { version: 2, text: 'b' };
    await nextTick();
    expect(notes.text.value).toBe('b');
    notes.write('b and mine');
    known.value = { version: 3, text: 'c' };
    await nextTick();
    expect(notes.text.value).toBe('b and mine');
  });

  it('what is typed while a save is on its way is kept by the next', async () => {
    const { api, notes } = page();
    let finish: (notes: Notes) => void = () => {};
    api.writeNotes.mockImplementationOnce(() => new Promise((resolve) => (finish = resolve)));
    notes.write('one');
    await vi.advanceTimersByTimeAsync(kSaveAfterMs);
    expect(notes.state.value).toBe('saving');
    notes.write('one two');
    finish({ version: 1, text: 'one' });
    await vi.advanceTimersByTimeAsync(kSaveAfterMs);
    expect(notes.text.value).toBe('one two');
    expect(api.writeNotes.mock.lastCall?.[1]).toEqual({ text: 'one two', version: 1 });
  });

  it('tell of a conflict and keep nothing until the agent has decided', async () => {
    const { api, notes } = page();
    api.writeNotes.mockRejectedValueOnce(conflict);
    notes.write('mine');
    await vi.advanceTimersByTimeAsync(kSaveAfterMs);
    expect(notes.state.value).toBe('conflict');
    expect(notes.theirs.value?.text).toBe('别人的话');
    notes.write('mine, longer');
    await vi.advanceTimersByTimeAsync(kSaveAgainMs);
    expect(api.writeNotes).toHaveBeenCalledOnce();
    await notes.keepMine();
    expect(api.writeNotes.mock.lastCall?.[1]).toEqual({ text: 'mine, longer', version: 7 });
    expect(notes.state.value).toBe('saved');
  });

  it("taking the other one's words sends nothing", async () => {
    const { api, notes } = page();
    api.writeNotes.mockRejectedValueOnce(conflict);
    notes.write('mine');
    await vi.advanceTimersByTimeAsync(kSaveAfterMs);
    notes.takeTheirs();
    expect(notes.text.value).toBe('别人的话');
    await vi.advanceTimersByTimeAsync(kSaveAgainMs);
    expect(api.writeNotes).toHaveBeenCalledOnce();
  });

  it('are tried again after a failure, and sent when the page goes', async () => {
    const { api, notes } = page();
    api.writeNotes.mockRejectedValueOnce({ code: 'network.unreachable', status: 0 });
    notes.write('mine');
    await vi.advanceTimersByTimeAsync(kSaveAfterMs);
    expect(notes.state.value).toBe('failed');
    await vi.advanceTimersByTimeAsync(kSaveAgainMs);
    expect(notes.state.value).toBe('saved');
    notes.write('mine at the end');
    scope.stop();
    expect(api.writeNotes.mock.lastCall).toEqual(['itv_1', { text: 'mine at the end', version: 1 }, true]);
  });

  it('longer than they may be are not sent', async () => {
    const { api, notes } = page();
    notes.write('字'.repeat(kMostNotes + 1));
    await vi.advanceTimersByTimeAsync(kSaveAgainMs);
    expect(notes.state.value).toBe('too_long');
    expect(api.writeNotes).not.toHaveBeenCalled();
    notes.write('字'.repeat(kMostNotes));
    await vi.advanceTimersByTimeAsync(kSaveAfterMs);
    expect(api.writeNotes).toHaveBeenCalledOnce();
  });
});

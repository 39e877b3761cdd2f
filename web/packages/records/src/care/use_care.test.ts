import { describe, expect, it, vi } from 'vitest';
import type { Recording } from '@telewitness/desk';
import { useCare } from './use_care';

const recording = { name: 'film' } as Recording;
function opened(answer: () => Promise<Recording> = async () => recording) {
  const care = { hold: vi.fn(answer), lift: vi.fn(answer), remove: vi.fn(answer) };
  const done = vi.fn();
  return {
    care,
    done,
    dialog: useCare(
      () => care,
      () => ({ interviewId: 'itv_1', name: 'LN-1' }),
      done,
    ),
  };
}

describe('taking care of a recording', () => {
  it('wants a reason', async () => {
    const { care, dialog } = opened();
    dialog.begin('hold');
    expect(dialog.missing.value).toEqual({}); // nothing is wrong before it was tried
    dialog.reason.value = '  ';
    await dialog.submit();
    expect(dialog.missing.value).toEqual({ reason: { code: 'form.required' } });
    expect(care.hold).not.toHaveBeenCalled();
  });

  it.each([
    ['hold', 'hold'],
    ['lift', 'lift'],
  ] as const)('%s is asked with the reason and closes', async (act, called) => {
    const { care, done, dialog } = opened();
    dialog.begin(act);
    dialog.reason.value = ' dispute\n 2026 ';
    await dialog.submit();
    expect(care[called]).toHaveBeenCalledWith('itv_1', 'dispute 2026');
    expect(done).toHaveBeenCalledWith(act, recording);
    expect(dialog.act.value).toBeUndefined();
  });

  it.each(['', 'LN-2', 'ln-1'])('deleting with %j typed does nothing', async (typed) => {
    const { care, dialog } = opened();
    dialog.begin('delete');
    dialog.reason.value = 'asked for';
    dialog.typed.value = typed;
    await dialog.submit();
    expect(dialog.missing.value).toHaveProperty('typed');
    expect(care.remove).not.toHaveBeenCalled();
  });

  it('deleting with the right name typed', async () => {
    const { care, dialog } = opened();
    dialog.begin('delete');
    dialog.reason.value = 'asked for';
    dialog.typed.value = ' LN-1 ';
    await dialog.submit();
    expect(care.remove).toHaveBeenCalledWith('itv_1', 'asked for');
  });

  it('a refusal is shown and the dialog stays with what was written', async () => {
    const { done, dialog } = opened(async () => Promise.reject({ code: 'recording.legal_hold', status: 409 }));
    dialog.begin('delete');
    dialog.reason.value = 'asked for';
    dialog.typed.value = 'LN-1';
    await dialog.submit();
    expect(dialog.problem.value?.code).toBe('recording.legal_hold');
    expect([dialog.act.value, dialog.reason.value, dialog.busy.value]).toEqual(['delete', 'asked for', false]);
    expect(done).not.toHaveBeenCalled();
  });

  it.each([
    ['delete', 'recording.deleted'],
    ['lift', 'recording.not_held'],
  ] as const)('%s that was done already is done', async (act, code) => {
    const { done, dialog } = opened(async () => Promise.reject({ code, status: 410 }));
    dialog.begin(act);
    dialog.reason.value = 'asked for';
    dialog.typed.value = 'LN-1';
    await dialog.submit();
    expect(done).toHaveBeenCalledWith(act, undefined);
    expect(dialog.act.value).toBeUndefined();
  });

  it('opened again it is empty', async () => {
    const { dialog } = opened();
    dialog.begin('hold');
    dialog.reason.value = 'dispute';
    dialog.close();
    dialog.begin('delete');
    expect([dialog.reason.value, dialog.typed.value, dialog.missing.value]).toEqual(['', '', {}]);
  });
});

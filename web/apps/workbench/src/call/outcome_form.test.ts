import { describe, expect, it } from 'vitest';
import type { Reason } from '@telewitness/desk';
import { kMostReason, reasonOf, useOutcomeForm } from './outcome_form';

const reasons: Reason[] = [
  { id: '1', kind: 'rejected', text: '身份不符', enabled: true },
  { id: '2', kind: 'rejected', text: '旧原因', enabled: false },
  { id: '3', kind: 'needs_supplement', text: '缺少证件', enabled: true },
];
const form = () => useOutcomeForm(() => reasons);

it.each([
  ['', '  ', ''],
  ['身份不符', '', '身份不符'],
  ['', ' 照片模糊 ', '照片模糊'],
  ['身份不符', '照片模糊', '身份不符；照片模糊'],
])('%j and %j make %j', (listed, words, reason) => expect(reasonOf(listed, words)).toBe(reason));

describe('the decision', () => {
  it('passed needs no reason and sends none', () => {
    const f = form();
    expect(f.outcome.value).toBeUndefined();
    f.choose('passed');
    f.words.value = '忘记删除的话';
    expect(f.outcome.value).toEqual({ kind: 'passed' });
  });

  it.each(['rejected', 'needs_supplement'] as const)('%s cannot be sent without a reason', (kind) => {
    const f = form();
    f.choose(kind);
    expect(f.ready.value).toBe(false);
    f.words.value = '   ';
    expect(f.outcome.value).toBeUndefined();
    f.words.value = '缺少证明';
    expect(f.outcome.value).toEqual({ kind, reason: '缺少证明' });
  });

  it('offers the enabled reasons of the decision, and forgets the one of the other decision', () => {
    const f = form();
    f.choose('rejected');
    expect(f.reasons.value.map((each) => each.id)).toEqual(['1']);
    f.listed.value = '身份不符';
    f.choose('needs_supplement');
    expect(f.listed.value).toBe('');
    expect(f.reasons.value.map((each) => each.id)).toEqual(['3']);
  });

  it('is not longer than the contract allows', () => {
    const f = form();
    f.choose('rejected');
    f.words.value = '字'.repeat(kMostReason);
    expect(f.ready.value).toBe(true);
    f.listed.value = '一';
    expect(f.tooLong.value).toBe(true);
    expect(f.ready.value).toBe(false);
  });
});

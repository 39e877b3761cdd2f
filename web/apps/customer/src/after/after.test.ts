import { enableAutoUnmount, flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ProblemError, type CustomerState } from '@telewitness/client';
import { byTest, customerState, show } from '../testing';
import EndView from '../views/EndView.vue';
import { endingOf, lookOf } from './ending';
import ReceiptNumber from './ReceiptNumber.vue';
import SatisfactionForm from './SatisfactionForm.vue';

enableAutoUnmount(afterEach);

const ended = (more: Partial<CustomerState> = {}) =>
  customerState({ status: 'ended', endReason: 'concluded', ...more });

describe('what the last page says', () => {
  it.each([
    [{ endReason: 'concluded', outcome: 'passed' }, 'passed'],
    [{ endReason: 'concluded', outcome: 'rejected' }, 'rejected'],
    [{ endReason: 'hung_up', outcome: 'needs_supplement' }, 'needs_supplement'],
    [{ endReason: 'hung_up', outcomePending: true }, 'undecided'],
    [{ endReason: 'connection_lost', outcomePending: true }, 'connection_lost'],
    [{ endReason: 'concluded' }, 'concluded'],
    [{ endReason: 'hung_up' }, 'hung_up'],
    [{ endReason: 'left_queue' }, 'left_queue'],
    [{ endReason: 'consent_refused' }, 'consent_refused'],
    [{}, 'unknown'],
  ] as const)('%j is %s', (state, ending) => {
    expect(endingOf(state)).toBe(ending);
    expect(lookOf(ending).icon).toBeTruthy();
  });

  it.each(['zh-CN', 'en'] as const)('has a sentence for each of them in %s', (language) => {
    for (const outcome of ['passed', 'rejected', 'needs_supplement'] as const) {
      const page = show(EndView, { state: ended({ outcome }) }, language);
      expect(page.find(byTest('end-page')).attributes('data-ending')).toBe(outcome);
      expect(page.text()).not.toContain('end.');
      expect(page.find(byTest('end-why')).exists()).toBe(false);
      page.unmount();
    }
  });

  it('has the reason only where the server told it', () => {
    const page = show(EndView, { state: ended({ outcome: 'rejected', outcomeReason: 'Photo unlike' }) });
    expect(page.find(byTest('end-why')).text()).toContain('Photo unlike');
  });

  it('lets a customer look whether it is decided, and says that it is not yet', async () => {
    const page = show(EndView, { state: ended({ endReason: 'hung_up', outcomePending: true }) });
    await page.find(byTest('end-check')).trigger('click');
    expect(page.emitted('refresh')).toHaveLength(1);
    expect(page.text()).toContain('no result yet');
    await page.setProps({ state: ended({ endReason: 'hung_up', outcome: 'passed' }) });
    expect(page.find(byTest('end-page')).attributes('data-ending')).toBe('passed');
    expect(document.activeElement).toBe(page.find('h1').element);
  });
});

describe('the receipt number', () => {
  it('is copied, or said to be written down where copying is forbidden', async () => {
    const copy = vi.fn(async () => true);
    const page = show(ReceiptNumber, { number: '7KQ4-MR2X', copy });
    expect(page.find(byTest('receipt-number')).text()).toBe('7KQ4-MR2X');
    await page.find(byTest('receipt-copy')).trigger('click');
    await flushPromises();
    expect(copy).toHaveBeenCalledExactlyOnceWith('7KQ4-MR2X');
    expect(page.find('[role="status"]').text()).toBe('Copied');
    copy.mockResolvedValue(false);
    await page.find(byTest('receipt-copy')).trigger('click');
    await flushPromises();
    expect(page.find('[role="status"]').text()).toContain('write it down');
  });
});

describe('satisfaction', () => {
  const asked = { given: undefined, busy: false, problem: undefined };

  it('is one group of five choices in words, and is sent once one is chosen', async () => {
    const page = show(SatisfactionForm, asked, 'zh-CN');
    const choices = page.findAll('input[type="radio"]');
    expect(new Set(choices.map((each) => each.attributes('name'))).size).toBe(1);
    expect(page.findAll('.word').map((each) => each.text())).toEqual(['很不满意', '不满意', '一般', '满意', '很满意']);
    const send = page.find<HTMLButtonElement>(byTest('satisfaction-send'));
    expect(send.element.disabled).toBe(true);
    await page.find('form').trigger('submit');
    expect(page.emitted('rate')).toBeUndefined();
    await page.find(byTest('score-4')).setValue(true);
    await page.find(byTest('satisfaction-comment')).setValue('  谢谢  ');
    expect(send.element.disabled).toBe(false);
    await page.find('form').trigger('submit');
    expect(page.emitted('rate')).toEqual([[4, '谢谢']]);
  });

  it('says why it did not work, and thanks with the focus on the thanks', async () => {
    const problem = new ProblemError({ code: 'server.internal', status: 500, requestId: 'r1' });
    const page = show(SatisfactionForm, { ...asked, problem });
    expect(page.find(byTest('action-problem')).attributes('data-code')).toBe('server.internal');
    await page.setProps({ given: 5, problem: undefined });
    await flushPromises();
    expect(page.find('form').exists()).toBe(false);
    expect(document.activeElement).toBe(page.find(byTest('satisfaction-thanks')).element);
    expect(page.text()).toContain('Very satisfied');
  });

  it('is on the last page only where it is asked for, and begun it holds the way back', async () => {
    expect(show(EndView, { state: ended() }).find(byTest('satisfaction')).exists()).toBe(false);
    const page = show(EndView, {
      state: ended({ returnUrl: 'https://bank.example/back', satisfaction: { until: '2026-01-02T00:00:00Z' } }),
      go: vi.fn(),
    });
    await vi.waitFor(() => expect(page.find(byTest('satisfaction')).exists()).toBe(true));
    // Time to answer: more than the eight seconds of a page that asks nothing.
    expect(Number(/\d+/.exec(page.find(byTest('return-countdown')).text())![0])).toBeGreaterThan(8);
    await page.find(byTest('satisfaction')).trigger('focusin');
    expect(page.find(byTest('return-countdown')).exists()).toBe(false);
    expect(page.find(byTest('return-now')).exists()).toBe(true);
  });
});

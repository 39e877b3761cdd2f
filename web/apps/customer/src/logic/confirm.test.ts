import { flushPromises } from '@vue/test-utils';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { confirm } from './confirm';

const question = { title: 'Leave?', message: 'It ends.', yes: 'Leave', no: 'Stay' };
const button = (text: string) => [...document.querySelectorAll('button')].find((one) => one.textContent === text)!;

// Loading it for the first time takes a while on a busy machine.
beforeAll(() => import('./vant_dialog'));

beforeEach(() => {
  // Vant keeps one dialog for all questions, so that only the page is made anew.
  document.getElementById('app')?.remove();
  document.body.insertAdjacentHTML('afterbegin', '<div id="app"><button>before</button></div>');
  button('before').focus();
});

describe('a question', () => {
  it.each([
    ['Leave', true],
    ['Stay', false],
  ])('answered with %s', async (press, answer) => {
    const asked = confirm(question);
    await vi.waitFor(() => expect(button(press)).toBeDefined());
    await flushPromises();
    const dialog = document.querySelector('[role="dialog"]')!;
    expect(dialog.getAttribute('aria-label')).toBe('Leave?');
    expect(document.getElementById('app')!.hasAttribute('inert')).toBe(true);
    button(press).click();
    expect(await asked).toBe(answer);
    expect(document.getElementById('app')!.hasAttribute('inert')).toBe(false);
    expect(document.activeElement).toBe(button('before'));
  });

  it('is asked by the browser itself when the dialog cannot be loaded', async () => {
    const own = vi.fn(() => true);
    vi.stubGlobal('confirm', own);
    expect(await confirm(question, () => Promise.reject(new TypeError('offline')))).toBe(true);
    expect(own).toHaveBeenCalledTimes(1);
  });
});

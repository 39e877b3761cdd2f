import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { kDefaultWaitS, useSignInForm, waitSecondsOf } from './sign_in_form';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the sign-in form', () => {
  it('names what is missing and asks nothing of the server', async () => {
    const signIn = vi.fn();
    const form = useSignInForm(signIn, { tenant: 'demo' });
    form.fields.name = '  ';
    await form.submit();
    expect(form.missing.value).toEqual(['name', 'password']);
    expect(signIn).not.toHaveBeenCalled();
    form.fields.name = 'li';
    expect(form.missing.value).toEqual(['password']);
  });

  it('sends names without blanks around them and the password as it is', async () => {
    const signIn = vi.fn(async () => {});
    const form = useSignInForm(signIn);
    Object.assign(form.fields, { tenant: ' demo', name: 'li ', password: ' p ' });
    await form.submit();
    expect(signIn).toHaveBeenCalledWith({ tenant: 'demo', name: 'li', password: ' p ' });
  });

  it('forgets a wrong password, keeps the names', async () => {
    const form = useSignInForm(async () => Promise.reject({ code: 'sign_in.failed', status: 401 }));
    Object.assign(form.fields, { tenant: 'demo', name: 'li', password: 'wrong' });
    await form.submit();
    expect(form.problem.value?.code).toBe('sign_in.failed');
    expect(form.fields).toEqual({ tenant: 'demo', name: 'li', password: '' });
    expect(form.canSubmit.value).toBe(true);
  });

  it('after too many failures counts down before another try', async () => {
    const signIn = vi.fn(async () => Promise.reject({ code: 'sign_in.limited', status: 429, retryAfterMs: 3000 }));
    const scope = effectScope();
    const form = scope.run(() => useSignInForm(signIn))!;
    Object.assign(form.fields, { tenant: 'demo', name: 'li', password: 'x' });
    await form.submit();
    expect(form.waitS.value).toBe(3);
    form.fields.password = 'x';
    await form.submit();
    expect(signIn).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(3000);
    expect(form.canSubmit.value).toBe(true);
    scope.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    [{ code: 'sign_in.failed', status: 401, retryAfterMs: 9000 }, 0],
    [{ code: 'sign_in.limited', status: 429 }, kDefaultWaitS],
    [{ code: 'sign_in.limited', status: 429, retryAfterMs: 12_200 }, 13],
    [{ code: 'sign_in.limited', status: 429, retryAfterMs: 999_999_999 }, 900],
    [{ code: 'sign_in.limited', status: 429, retryAfterMs: 0 }, kDefaultWaitS],
    [{ code: 'sign_in.limited', status: 429, params: { retryAfterS: '17' } }, 17],
  ])('%j waits %d s', (problem, seconds) => expect(waitSecondsOf(problem)).toBe(seconds));
});

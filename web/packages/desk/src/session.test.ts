import { describe, expect, it, vi } from 'vitest';
import { createSession, type SignedInClient, type SignInApi } from './session';
import type { Role, SignedInUser } from './types';

const user = (role: Role = 'agent', more: Partial<SignedInUser> = {}): SignedInUser => ({
  id: 'usr_1',
  name: 'li',
  displayName: '李静',
  role,
  canSupervise: false,
  tenant: 'demo',
  tenantName: '演示',
  brand: { companyName: '演示' },
  ...more,
});

class FakeClient implements SignedInClient {
  signedOut = () => {};
  signOut = vi.fn(async () => {});
  constructor(
    readonly token: string,
    readonly user: SignedInUser,
  ) {}
  on(_event: 'signedOut', listener: () => void) {
    this.signedOut = listener;
    return () => {};
  }
}

function page(api: Partial<SignInApi<FakeClient>> = {}, stored: Record<string, string> = {}, role?: Role) {
  const session = createSession<FakeClient>({
    api: {
      signIn: async () => new FakeClient('t1', user()),
      signInByLink: async () => new FakeClient('t2', user('agent', { returnUrl: 'https://crm.example/back' })),
      resume: async (token) => new FakeClient(token, user('agent', { displayName: '李静（新）' })),
      ...api,
    },
    storage: {
      getItem: (key) => stored[key] ?? null,
      setItem: (key, value) => void (stored[key] = value),
      removeItem: (key) => void delete stored[key],
    },
    storageKey: 'k',
    pause: async () => {},
    ...(role ? { role } : {}),
  });
  return { session, stored };
}
const credentials = { tenant: 'demo', name: 'li', password: 'secret' };

describe('signing in', () => {
  it('survives a reload with what the link said, and refreshes the rest', async () => {
    const first = page();
    await first.session.start('once');
    const second = page({}, first.stored);
    await second.session.start();
    expect(second.session.state.value).toBe('signed_in');
    expect(second.session.client.value?.token).toBe('t2');
    expect(second.session.user.value).toMatchObject({
      returnUrl: 'https://crm.example/back',
      displayName: '李静（新）',
    });
  });

  it('nothing remembered: the sign-in page', async () => {
    const { session } = page();
    await session.start();
    expect(session.state.value).toBe('signed_out');
  });

  it('a token the server refuses is forgotten', async () => {
    const { session, stored } = page();
    await session.signIn(credentials);
    const refused = page({ resume: async () => Promise.reject({ code: 'auth.expired', status: 401 }) }, stored);
    await refused.session.start();
    expect(refused.session.state.value).toBe('signed_out');
    expect(refused.session.because.value).toBe('expired');
    expect(refused.stored).toEqual({});
  });

  it('a server out of reach is asked again until it answers', async () => {
    const { session, stored } = page();
    await session.signIn(credentials);
    let tries = 0;
    const away = page(
      {
        resume: async (token) => {
          if (++tries < 3) throw new TypeError('Failed to fetch');
          return new FakeClient(token, user());
        },
      },
      stored,
    );
    await away.session.start();
    expect(tries).toBe(3);
    expect(away.session.state.value).toBe('signed_in');
    expect(away.session.problem.value).toBeUndefined();
  });

  it('a used link leaves who was signed in, and says what was wrong when nobody was', async () => {
    const used = { signInByLink: async () => Promise.reject({ code: 'link.used', status: 410 }) };
    const { session, stored } = page();
    await session.signIn(credentials);
    const again = page(used, stored);
    await again.session.start('twice');
    expect(again.session.state.value).toBe('signed_in');
    const nobody = page(used);
    await nobody.session.start('twice');
    expect(nobody.session.state.value).toBe('signed_out');
    expect(nobody.session.problem.value?.code).toBe('link.used');
  });

  it('another role is signed out at once', async () => {
    const agent = new FakeClient('t1', user('agent'));
    const { session, stored } = page({ signIn: async () => agent }, {}, 'administrator');
    await session.signIn(credentials);
    expect(session.state.value).toBe('signed_out');
    expect(session.because.value).toBe('wrong_role');
    expect(agent.signOut).toHaveBeenCalledOnce();
    expect(stored).toEqual({});
  });

  it('signing out forgets the token even when the server cannot be told', async () => {
    const client = new FakeClient('t1', user());
    client.signOut.mockRejectedValue(new TypeError('offline'));
    const { session, stored } = page({ signIn: async () => client });
    await session.signIn(credentials);
    await session.signOut();
    expect(session.state.value).toBe('signed_out');
    expect(session.client.value).toBeUndefined();
    expect(stored).toEqual({});
    expect(session.lastNames()).toEqual({ tenant: 'demo', name: 'li' });
  });

  it('only the client of now can end the sign-in', async () => {
    const { session } = page();
    await session.signIn(credentials);
    const old = session.client.value!;
    await session.signIn(credentials);
    old.signedOut();
    expect(session.state.value).toBe('signed_in');
    session.client.value!.signedOut();
    expect(session.because.value).toBe('expired');
  });

  it('wrong credentials are thrown to the form and change nothing', async () => {
    const { session } = page({ signIn: async () => Promise.reject({ code: 'sign_in.failed', status: 401 }) });
    await session.start();
    await expect(session.signIn(credentials)).rejects.toEqual({ code: 'sign_in.failed', status: 401 });
    expect(session.state.value).toBe('signed_out');
  });
});

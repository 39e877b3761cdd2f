import { describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { allowNotifications, useDesktopNotice } from './desktop_notice';

function desktop(permission: NotificationPermission) {
  const shown: { title: string; close: () => void; onclick?: () => void; body?: string | undefined; open: boolean }[] =
    [];
  class FakeNotification {
    static permission = permission;
    static requestPermission = vi.fn(async () => permission);
    open = true;
    onclick = () => {};
    body: string | undefined;
    constructor(
      readonly title: string,
      options?: NotificationOptions,
    ) {
      this.body = options?.body;
      shown.push(this);
    }
    close() {
      this.open = false;
    }
  }
  return { api: FakeNotification as unknown as typeof Notification, shown };
}

function page(permission: NotificationPermission, hidden = true) {
  const { api, shown } = desktop(permission);
  const ring = ref<{ key: string; title: string; body: string }>();
  const isHidden = ref(hidden);
  const target = new EventTarget();
  const scope = effectScope();
  scope.run(() =>
    useDesktopNotice({
      notice: () => ring.value,
      api,
      isHidden: () => isHidden.value,
      page: target as unknown as Document,
    }),
  );
  return { shown, ring, isHidden, scope, turn: () => target.dispatchEvent(new Event('visibilitychange')) };
}
const kRing = { key: 'itv_1', title: '客户来电', body: '王' };

describe('a ring on the desktop', () => {
  it('is shown while it rings and nobody looks, and taken back', async () => {
    const { shown, ring, scope } = page('granted');
    ring.value = kRing;
    await nextTick();
    expect(shown.map((each) => [each.title, each.body])).toEqual([['客户来电', '王']]);
    ring.value = undefined;
    await nextTick();
    expect(shown[0]!.open).toBe(false);
    scope.stop();
  });

  it.each([
    ['granted', false, 0],
    ['denied', true, 0],
    ['default', true, 0],
  ] as const)('with %s and a page behind others %s there are %i', async (permission, hidden, count) => {
    const { shown, ring, scope } = page(permission, hidden);
    ring.value = kRing;
    await nextTick();
    expect(shown).toHaveLength(count);
    scope.stop();
  });

  it('comes when the page is left during the ring, goes when it comes back, and never twice', async () => {
    const { shown, ring, isHidden, scope, turn } = page('granted', false);
    ring.value = kRing;
    await nextTick();
    isHidden.value = true;
    turn();
    expect(shown.filter((each) => each.open)).toHaveLength(1);
    isHidden.value = false;
    turn();
    expect(shown.filter((each) => each.open)).toHaveLength(0);
    scope.stop();
  });

  it('is asked for once, never after a decision', async () => {
    const undecided = desktop('default').api;
    await allowNotifications(undecided);
    expect(undecided.requestPermission).toHaveBeenCalledOnce();
    const refused = desktop('denied').api;
    await allowNotifications(refused);
    expect(refused.requestPermission).not.toHaveBeenCalled();
    await allowNotifications(undefined);
  });
});

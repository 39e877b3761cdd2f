import { describe, expect, it } from 'vitest';
import { effectScope } from 'vue';
import { useCursorList, useLoad } from './load';

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => ((resolve = yes), (reject = no)));
  return { promise, resolve, reject };
}

describe('loading', () => {
  it('only the newest answer counts', async () => {
    const first = deferred<string>();
    const second = deferred<string>();
    const answers = [first, second];
    const loaded = useLoad(() => answers.shift()!.promise);
    const one = loaded.reload();
    const two = loaded.reload();
    second.resolve('new');
    await two;
    first.resolve('old');
    await one;
    expect(loaded.data.value).toBe('new');
    expect(loaded.state.value).toBe('ready');
  });

  it('keeps what is shown when loading again fails, and says what failed', async () => {
    let fail = false;
    const loaded = useLoad(async () => {
      if (fail) throw new TypeError('Failed to fetch');
      return 'shown';
    });
    await loaded.reload();
    fail = true;
    await loaded.reload();
    expect(loaded.data.value).toBe('shown');
    expect(loaded.state.value).toBe('error');
    expect(loaded.problem.value?.code).toBe('network.unreachable');
  });

  it('an answer after the page was left changes nothing', async () => {
    const late = deferred<string>();
    const scope = effectScope();
    const loaded = scope.run(() => useLoad(() => late.promise))!;
    const running = loaded.reload();
    scope.stop();
    late.resolve('late');
    await running;
    expect(loaded.data.value).toBeUndefined();
  });
});

describe('a list paged by cursor', () => {
  it('grows by pages and starts anew on reload', async () => {
    const asked: (string | undefined)[] = [];
    const list = useCursorList(async (cursor) => {
      asked.push(cursor);
      return cursor ? { items: [3] } : { items: [1, 2], nextCursor: 'c1' };
    });
    await list.reload();
    expect(list.hasMore.value).toBe(true);
    await list.loadMore();
    expect(list.items.value).toEqual([1, 2, 3]);
    expect(list.hasMore.value).toBe(false);
    await list.loadMore();
    await list.reload();
    expect(list.items.value).toEqual([1, 2]);
    expect(asked).toEqual([undefined, 'c1', undefined]);
  });

  it('is empty only when an answer said so', async () => {
    const list = useCursorList(async () => ({ items: [] }));
    expect(list.isEmpty.value).toBe(false);
    await list.reload();
    expect(list.isEmpty.value).toBe(true);
  });
});

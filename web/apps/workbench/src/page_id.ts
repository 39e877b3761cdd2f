// Which page this is among those of one person: the same after a reload, another one in a tab that was opened or copied.
type Kept = Pick<Storage, 'getItem' | 'setItem'>;

const kKey = 'telewitness.workbench.page';

function wasReloaded(): boolean {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return navigation?.type === 'reload';
}

export function pageId(storage: Kept = window.sessionStorage, reloaded = wasReloaded()): string {
  try {
    // A copied tab has a copy of the storage: only a reload is the same page.
    const id = (reloaded ? storage.getItem(kKey) : null) ?? crypto.randomUUID();
    storage.setItem(kKey, id);
    return id;
  } catch {
    return crypto.randomUUID(); // without storage a reload asks before it takes over
  }
}

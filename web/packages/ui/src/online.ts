// Whether this computer has a network, as the browser believes.
import { onScopeDispose, readonly, ref, type Ref } from 'vue';

export function useOnline(target: Window = window): Readonly<Ref<boolean>> {
  const online = ref(target.navigator.onLine);
  const yes = () => (online.value = true);
  const no = () => (online.value = false);
  target.addEventListener('online', yes);
  target.addEventListener('offline', no);
  onScopeDispose(() => {
    target.removeEventListener('online', yes);
    target.removeEventListener('offline', no);
  }, true);
  return readonly(online);
}

// Who or what a tile shows, in the page's language.
import { useI18n } from 'vue-i18n';
import type { StageItem } from '@telewitness/ui';

export function useTileLabel(): (item: StageItem) => string {
  const { t } = useI18n();
  return (item) => {
    const name = item.displayName || t('workbench.call.customer');
    if (item.stream === 'screen') return t('workbench.call.screenOf', { name });
    if (item.stream === 'broadcast') return t('workbench.player.title');
    return item.role === 'customer' || !item.displayName
      ? name
      : `${name} · ${t(`workbench.role.${item.role ?? 'guest'}`)}`;
  };
}

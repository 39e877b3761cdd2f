// How long the company lets an outcome be put off, in words: "24 hours".
import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useWorkbench } from './provide';

export function useDeadlineWords(): ComputedRef<string> {
  const { t } = useI18n();
  const { desk } = useWorkbench();
  return computed(() => {
    const minutes = desk.state.value?.openOutcomes.deadlineMinutes ?? 0;
    return minutes % 60 === 0
      ? t('workbench.owed.hours', { count: minutes / 60 })
      : t('workbench.owed.minutes', { count: minutes });
  });
}

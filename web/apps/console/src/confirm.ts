// "Are you sure?" before what cannot be taken back or stops somebody's work, and a word when it failed.
import { ElMessage, ElMessageBox } from 'element-plus';
import { useI18n } from 'vue-i18n';
import { problemText, toProblem } from '@telewitness/desk';

export interface Confirmed {
  /** Asks, does it, says when it failed. True when it was done. */
  run(question: { title: string; text: string; button: string }, act: () => Promise<unknown>): Promise<boolean>;
  /** Without asking. */
  attempt(act: () => Promise<unknown>): Promise<boolean>;
}

export function useConfirmed(): Confirmed {
  const { t, locale } = useI18n();

  async function attempt(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      ElMessage.error({ message: problemText(toProblem(error), locale.value), duration: 6000, showClose: true });
      return false;
    }
  }
  return {
    attempt,
    async run(question, act) {
      const sure = await ElMessageBox.confirm(question.text, question.title, {
        type: 'warning',
        confirmButtonText: question.button,
        confirmButtonClass: 'el-button--danger confirm-yes',
        cancelButtonText: t('desk.cancel'),
      }).then(
        () => true,
        () => false,
      );
      return sure && attempt(act);
    },
  };
}

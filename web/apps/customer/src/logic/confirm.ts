// Asks before something that cannot be undone.
import { nextTick } from 'vue';

export interface Question {
  title: string;
  message: string;
  yes: string;
  no: string;
}

const load = () => import('./vant_dialog');

/** Loads the dialog before it is needed, so that a press answers at once. */
export function preloadConfirm(): void {
  void load().catch(() => undefined);
}

export async function confirm(question: Question, loaded: typeof load = load): Promise<boolean> {
  let module: Awaited<ReturnType<typeof load>>;
  try {
    module = await loaded();
  } catch {
    // Offline before the dialog's code was loaded: the browser's own.
    return window.confirm(`${question.title}\n${question.message}`);
  }
  const giveBack = holdPage();
  try {
    const answer = module.showConfirmDialog({
      title: question.title,
      message: question.message,
      confirmButtonText: question.yes,
      cancelButtonText: question.no,
      confirmButtonColor: 'var(--tw-danger)',
      closeOnPopstate: true,
    });
    void nextTick(() => nameDialog(question.title));
    await answer;
    return true;
  } catch {
    return false;
  } finally {
    giveBack();
  }
}

/** While a question is open the page behind it cannot be reached; afterwards the focus returns to where it was. */
function holdPage(): () => void {
  const page = document.getElementById('app');
  const focused = document.activeElement;
  page?.setAttribute('inert', '');
  return () => {
    page?.removeAttribute('inert');
    if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
  };
}

/** Vant names its dialog by an id that does not exist. */
function nameDialog(title: string): void {
  for (const dialog of document.querySelectorAll('.van-dialog[role="dialog"]')) {
    dialog.removeAttribute('aria-labelledby');
    dialog.setAttribute('aria-label', title);
    dialog.setAttribute('aria-modal', 'true');
  }
}

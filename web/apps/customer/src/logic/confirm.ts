// Asks before something that cannot be undone.

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

export async function confirm(question: Question): Promise<boolean> {
  let module: Awaited<ReturnType<typeof load>>;
  try {
    module = await load();
  } catch {
    // Offline before the dialog's code was loaded: the browser's own.
    return window.confirm(`${question.title}\n${question.message}`);
  }
  try {
    await module.showConfirmDialog({
      title: question.title,
      message: question.message,
      confirmButtonText: question.yes,
      cancelButtonText: question.no,
      confirmButtonColor: 'var(--tw-danger)',
      closeOnPopstate: true,
    });
    return true;
  } catch {
    return false;
  }
}

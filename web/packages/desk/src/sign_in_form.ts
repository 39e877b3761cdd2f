// The sign-in form's rules: what is missing, what was wrong, how long to wait after too many failures.
import { computed, onScopeDispose, reactive, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { toProblem } from './problem';
import type { ProblemLike } from './problem_text';
import type { Credentials } from './session';

export type CredentialField = keyof Credentials;
const kFields: readonly CredentialField[] = ['tenant', 'name', 'password'];

/** When the server limits sign-ins without saying for how long. */
export const kDefaultWaitS = 30;
const kMostWaitS = 900;

export interface SignInForm {
  fields: Record<CredentialField, string>;
  /** What a try found empty; what is filled in since is not. */
  missing: ComputedRef<CredentialField[]>;
  problem: ShallowRef<ProblemLike | undefined>;
  busy: Ref<boolean>;
  /** Seconds until another try is allowed; 0 when it is. */
  waitS: Ref<number>;
  canSubmit: ComputedRef<boolean>;
  submit(): Promise<void>;
}

/** How long a problem asks to wait; 0 when it does not. */
export function waitSecondsOf(problem: ProblemLike): number {
  if (problem.status !== 429) return 0;
  const told = (problem.retryAfterMs ?? 0) / 1000 || Number(problem.params?.['retryAfterS'] ?? 0);
  return told > 0 ? Math.min(Math.ceil(told), kMostWaitS) : kDefaultWaitS;
}

export function useSignInForm(
  signIn: (credentials: Credentials) => Promise<void>,
  remembered: Partial<Credentials> = {},
): SignInForm {
  const fields = reactive<Record<CredentialField, string>>({
    tenant: remembered.tenant ?? '',
    name: remembered.name ?? '',
    password: '',
  });
  const tried = ref(false);
  const missing = computed(() => {
    const isEmpty = (field: CredentialField) => (field === 'password' ? fields[field] : fields[field].trim()) === '';
    return tried.value ? kFields.filter(isEmpty) : [];
  });
  const problem = shallowRef<ProblemLike>();
  const busy = ref(false);
  const waitS = ref(0);
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = () => clearInterval(timer);
  onScopeDispose(stop, true);

  function waitFor(seconds: number): void {
    stop();
    waitS.value = seconds;
    if (seconds > 0)
      timer = setInterval(() => {
        waitS.value -= 1;
        if (waitS.value <= 0) stop();
      }, 1000);
  }

  async function submit(): Promise<void> {
    if (busy.value || waitS.value > 0) return;
    tried.value = true;
    if (missing.value.length > 0) return;
    tried.value = false;
    busy.value = true;
    problem.value = undefined;
    try {
      await signIn({ tenant: fields.tenant.trim(), name: fields.name.trim(), password: fields.password });
    } catch (error) {
      problem.value = toProblem(error);
      fields.password = '';
      waitFor(waitSecondsOf(problem.value));
    } finally {
      busy.value = false;
    }
  }

  return { fields, missing, problem, busy, waitS, canSubmit: computed(() => !busy.value && waitS.value === 0), submit };
}

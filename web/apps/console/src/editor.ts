// A form in a dialog that makes something new or changes what is there: its values, what is wrong with them, saving.
import { reactive, ref, shallowRef, type Ref, type ShallowRef, type UnwrapNestedRefs } from 'vue';
import { toProblem, type ProblemLike } from '@telewitness/desk';

/** Fields that a problem speaks of without naming them. */
const kFieldOfCode: Readonly<Record<string, string>> = {
  'queue.name_taken': 'name',
  'user.name_taken': 'name',
  'api_key.name_taken': 'name',
  'name.taken': 'name',
  'reason.duplicate': 'text',
  'mark_label.duplicate': 'text',
  'mark_label.key_taken': 'key',
  'password.too_short': 'password',
  'queue.unknown': 'queueIds',
  'outgoing.malformed': 'url',
  'outgoing.not_https': 'url',
  'outgoing.private_address': 'url',
  'outgoing.unresolvable': 'url',
  'tenant.return_origin': 'returnOrigins',
  'tenant.time_zone': 'timeZone',
  'tenant.consent_text': 'consentTexts',
};

/** The field a problem belongs to; undefined when it is about the whole. */
export function fieldOf(problem: ProblemLike | undefined): string | undefined {
  if (!problem) return undefined;
  // `consentTexts[0].text` is shown at `consentTexts`.
  return problem.params?.['field']?.split(/[.[]/)[0] ?? kFieldOfCode[problem.code];
}

export interface Editor<D extends object> {
  open: Ref<boolean>;
  /** What is being changed; undefined for something new. */
  id: Ref<string | undefined>;
  draft: UnwrapNestedRefs<D>;
  busy: Ref<boolean>;
  /** About the whole, or about a field that the form does not show. */
  problem: ShallowRef<ProblemLike | undefined>;
  /** By field: what the server said about it, or `field.required` when it is empty. */
  fieldProblems: Ref<Record<string, ProblemLike>>;
  create(): void;
  edit(id: string, values: Partial<D>): void;
  submit(): Promise<void>;
}

export function useEditor<D extends object>(options: {
  empty: () => D;
  /** Fields of the form; problems of others are shown above it. */
  fields: readonly string[];
  /** Fields that must not be empty, for these values. */
  required: (draft: D, id: string | undefined) => readonly string[];
  save: (draft: D, id: string | undefined) => Promise<void>;
}): Editor<D> {
  const open = ref(false);
  const id = ref<string>();
  const draft = reactive(options.empty());
  const busy = ref(false);
  const problem = shallowRef<ProblemLike>();
  const fieldProblems = ref<Record<string, ProblemLike>>({});

  function begin(which: string | undefined, values: Partial<D>): void {
    id.value = which;
    Object.assign(draft, options.empty(), values);
    problem.value = undefined;
    fieldProblems.value = {};
    open.value = true;
  }

  async function submit(): Promise<void> {
    if (busy.value) return;
    const values = draft as D;
    const missing = options.required(values, id.value).filter((name) => isEmpty(values[name as keyof D]));
    fieldProblems.value = Object.fromEntries(missing.map((name) => [name, { code: 'form.required' }]));
    problem.value = undefined;
    if (missing.length > 0) return;
    busy.value = true;
    try {
      await options.save(values, id.value);
      open.value = false;
    } catch (error) {
      const failure = toProblem(error);
      const field = fieldOf(failure);
      if (field !== undefined && options.fields.includes(field)) fieldProblems.value = { [field]: failure };
      else problem.value = failure;
    } finally {
      busy.value = false;
    }
  }

  return {
    open,
    id,
    draft,
    busy,
    problem,
    fieldProblems,
    create: () => begin(undefined, {}),
    edit: (which, values) => begin(which, values),
    submit,
  };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

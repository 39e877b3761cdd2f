// What somebody is adding to the media library: a file on its way, or an address.
import { reactive, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { toProblem, type MediaKind, type ProblemLike } from '@telewitness/desk';
import type { AdminApi } from './admin_api';
import { fieldOf } from './editor';

const kMaxTitle = 100;

export interface MediaDraft {
  open: Ref<boolean>;
  source: Ref<'file' | 'url'>;
  values: { title: string; url: string; kind: MediaKind };
  busy: Ref<boolean>;
  /** How much of the file has been sent, from 0 to 1. */
  share: Ref<number>;
  problem: ShallowRef<ProblemLike | undefined>;
  /** What is wrong with a field, by its name. */
  missing: Ref<Record<string, ProblemLike>>;
  begin(source: 'file' | 'url'): void;
  choose(file: File): void;
  submit(): Promise<void>;
  /** Gives up a file that is on its way. */
  close(): void;
}

export function useMediaDraft(api: Pick<AdminApi, 'uploadMedia' | 'addMediaFromUrl'>, done: () => unknown): MediaDraft {
  const open = ref(false);
  const source = ref<'file' | 'url'>('file');
  const values = reactive({ title: '', url: '', kind: 'video' as MediaKind });
  const busy = ref(false);
  const share = ref(0);
  const problem = shallowRef<ProblemLike>();
  const missing = ref<Record<string, ProblemLike>>({});
  const file = shallowRef<File>();
  let sending: AbortController | undefined;

  function begin(from: 'file' | 'url'): void {
    source.value = from;
    Object.assign(values, { title: '', url: '', kind: 'video' });
    file.value = undefined;
    problem.value = undefined;
    missing.value = {};
    share.value = 0;
    open.value = true;
  }

  function choose(chosen: File): void {
    file.value = chosen;
    if (values.title === '') values.title = chosen.name.replace(/\.[^.]*$/, '').slice(0, kMaxTitle);
    if (chosen.type.startsWith('audio/') && values.kind === 'video') values.kind = 'prompt';
  }

  function check(): boolean {
    const lacking: string[] = values.title.trim() === '' ? ['title'] : [];
    if (source.value === 'file' ? !file.value : values.url.trim() === '') lacking.push(source.value);
    missing.value = Object.fromEntries(lacking.map((name) => [name, { code: 'form.required' }]));
    return lacking.length === 0;
  }

  async function send(signal: AbortSignal): Promise<void> {
    const about = { title: values.title.trim(), kind: values.kind };
    if (source.value === 'url') await api.addMediaFromUrl({ ...about, url: values.url.trim() });
    else if (file.value) {
      await api.uploadMedia(file.value, about, { signal, onProgress: (part) => (share.value = part) });
    }
  }

  async function submit(): Promise<void> {
    problem.value = undefined;
    if (busy.value || !check()) return;
    busy.value = true;
    share.value = 0;
    const mine = new AbortController();
    sending = mine;
    try {
      await send(mine.signal);
      open.value = false;
      done();
    } catch (error) {
      if (mine.signal.aborted) return;
      const failure = toProblem(error);
      const field = fieldOf(failure);
      if (field === source.value || field === 'title') missing.value = { [field]: failure };
      else problem.value = failure;
    } finally {
      busy.value = false;
    }
  }

  function close(): void {
    sending?.abort(new Error('given up'));
    open.value = false;
  }

  return { open, source, values, busy, share, problem, missing, begin, choose, submit, close };
}

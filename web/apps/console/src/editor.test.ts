import { describe, expect, it, vi } from 'vitest';
import { fieldOf, useEditor } from './editor';

it.each([
  [undefined, undefined],
  [{ code: 'queue.in_use' }, undefined],
  [{ code: 'queue.name_taken' }, 'name'],
  [{ code: 'field.invalid', params: { field: 'url' } }, 'url'],
  [{ code: 'field.invalid', params: { field: 'consentTexts[1].text' } }, 'consentTexts'],
])('%j belongs to %s', (problem, field) => expect(fieldOf(problem)).toBe(field));

describe('a form in a dialog', () => {
  const editor = (save: (draft: { name: string; note: string }, id: string | undefined) => Promise<void>) =>
    useEditor({ empty: () => ({ name: '', note: '' }), fields: ['name', 'note'], required: () => ['name'], save });

  it('does not send what is empty, and says where', async () => {
    const save = vi.fn();
    const form = editor(save);
    form.create();
    form.draft.name = '  ';
    await form.submit();
    expect(form.fieldProblems.value).toEqual({ name: { code: 'form.required' } });
    expect(save).not.toHaveBeenCalled();
    expect(form.open.value).toBe(true);
  });

  it('closes when it was saved, and opens empty for the next', async () => {
    const save = vi.fn(async () => {});
    const form = editor(save);
    form.edit('q1', { name: 'A', note: 'n' });
    await form.submit();
    expect(save).toHaveBeenCalledWith({ name: 'A', note: 'n' }, 'q1');
    expect(form.open.value).toBe(false);
    form.create();
    expect(form.draft).toEqual({ name: '', note: '' });
    expect(form.id.value).toBeUndefined();
  });

  it('shows a problem at its field, any other above the form, and keeps what was typed', async () => {
    const failures = [
      { code: 'queue.name_taken', status: 409 },
      { code: 'queue.too_many', status: 409 },
      { code: 'field.invalid', status: 400, params: { field: 'elsewhere' } },
    ];
    const form = editor(async () => Promise.reject(failures.shift()));
    form.create();
    form.draft.name = 'A';
    await form.submit();
    expect(form.fieldProblems.value['name']?.code).toBe('queue.name_taken');
    expect(form.problem.value).toBeUndefined();
    await form.submit();
    expect(form.fieldProblems.value).toEqual({});
    expect(form.problem.value?.code).toBe('queue.too_many');
    await form.submit();
    expect(form.problem.value?.code).toBe('field.invalid');
    expect(form.draft.name).toBe('A');
    expect(form.open.value).toBe(true);
  });

  it('saves once, however often it is pressed', async () => {
    let finish!: () => void;
    const save = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    const form = editor(save);
    form.create();
    form.draft.name = 'A';
    const first = form.submit();
    await form.submit();
    finish();
    await first;
    expect(save).toHaveBeenCalledOnce();
  });
});

import { expect, test } from 'vitest';
import { createCompany } from './company';

test('begins as the sign-in told it', () => {
  expect(createCompany({ companyName: '演示', colour: '#1f5fbf' }).brand.value).toEqual({
    companyName: '演示',
    colour: '#1f5fbf',
  });
  expect(createCompany(undefined).brand.value).toBeUndefined();
});

test('keeps what was not changed, and loses what was taken away', () => {
  const company = createCompany({ companyName: '演示', colour: '#1f5fbf', logoUrl: '/logo/1' });
  company.change({ colour: '#c8102e' });
  expect(company.brand.value).toEqual({ companyName: '演示', colour: '#c8102e', logoUrl: '/logo/1' });
  company.change({ logoUrl: undefined });
  expect(company.brand.value?.logoUrl).toBeUndefined();
  expect(company.brand.value?.colour).toBe('#c8102e');
});

test('a tab that remembers no brand learns one', () => {
  const company = createCompany(undefined);
  company.change({ companyName: '演示' });
  expect(company.brand.value).toEqual({ companyName: '演示' });
});

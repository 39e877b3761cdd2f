// The company whose console it is, in the header and the colours of the page; what settings change is seen at once.
import { inject, shallowRef, type InjectionKey, type ShallowRef } from 'vue';
import type { Brand } from '@telewitness/ui';

export interface Company {
  readonly brand: ShallowRef<Brand | undefined>;
  /** Some of it is another now; a logo or colour that is undefined is none. */
  change(part: { [Key in keyof Brand]?: Brand[Key] | undefined }): void;
}

export const kCompany: InjectionKey<Company> = Symbol('company');

/** @param brand as the sign-in told; a tab of before there were brands remembers none. */
export function createCompany(brand: Brand | undefined): Company {
  const now = shallowRef(brand);
  return {
    brand: now,
    change(part) {
      const { companyName = '', colour, logoUrl } = { ...now.value, ...part };
      now.value = { companyName, ...(colour ? { colour } : {}), ...(logoUrl ? { logoUrl } : {}) };
    },
  };
}

export function useCompany(): Company {
  const company = inject(kCompany);
  if (!company) throw new Error('Provide kCompany where somebody is signed in.');
  return company;
}

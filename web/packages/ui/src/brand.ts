// The company whose page it is: its colour upon the tokens. The maths and the style are the client's, which integrators' colours go through too.
import { onScopeDispose, watch } from 'vue';
import { applyBrand } from '@telewitness/client/brand';
import { paintBar } from './theme';

export { isBrandColour, shadesOf, type Shades } from '@telewitness/client/brand';

/** As the contract's `Brand`. */
export interface Brand {
  companyName: string;
  colour?: string;
  logoUrl?: string;
}

/** The colour of the page from now on, and of the browser's bar; without one the product's own. */
export function paintBrand(brand: Pick<Brand, 'colour'> | undefined, page: Document = document): void {
  applyBrand(page, brand?.colour);
  if (page.defaultView) paintBar(page.defaultView);
}

/** Follows what the server says; whoever leaves takes the colour along. */
export function useBrand(brand: () => Pick<Brand, 'colour'> | undefined): void {
  watch(
    () => brand()?.colour,
    (colour) => paintBrand(colour ? { colour } : undefined),
    { immediate: true },
  );
  onScopeDispose(() => paintBrand(undefined));
}

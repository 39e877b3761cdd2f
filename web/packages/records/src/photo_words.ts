// What photos show, in the order in which an agent takes them.
import type { PhotoCategory } from '@telewitness/desk';

export const kPhotoCategories: readonly PhotoCategory[] = ['portrait', 'id_front', 'id_back', 'signature', 'other'];

import type { Handlers } from '../../api/handlers.ts';
import { searchEverything } from './search-everything.ts';

export { ftsQuery } from './search-query.ts';
export {
  compareIndex,
  indexDocument,
  readSearchable,
  rebuildIndex,
  settleIndex,
  unindexDocument,
  type SearchDocument,
} from './search-repo.ts';

export const searchHandlers: Handlers<'search.everything'> = {
  'search.everything': searchEverything,
};

import { addressesOf, withHistory } from './identity.ts';
import { join } from './join.ts';
import { likenessOf } from './likeness.ts';
import { mergeSightings } from './merge.ts';
import { idsOf, otherSlug, slugOf } from './names.ts';

/** All that decides which sightings are of one server, and what that server then is: what the store is handed. */
export const joining = { addressesOf, withHistory, join, idsOf, slugOf, otherSlug, mergeSightings, likenessOf };

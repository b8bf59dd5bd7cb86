import type { CatalogueServer } from './catalogue.ts';

/** A server whose policy may have changed, or the id of one that is `gone` because it turned out to be another. */
export type Revised =
  | { readonly revision: number; readonly server: CatalogueServer }
  | { readonly revision: number; readonly gone: string };

/** A server with something that changes whenever anything that its pages are made of may have changed. */
export interface Stamped {
  readonly id: string;
  readonly slug: string;
  readonly stamp: string;
}

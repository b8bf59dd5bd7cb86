import { open } from './common.ts';

export const PolicyDocument = open.openapi('Policy', { description: 'See /schemas/policy.json' });

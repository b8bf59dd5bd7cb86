import type { Clue, Signal } from '../signal.ts';
import { inName } from '../spot.ts';

const NAMED =
  /\b(?:permissions?|grants?|acl|roles?|polic(?:y|ies)|access(?! tokens?)|share|sharing|collaborators?|firewall|security|network|otp|mfa|2fa|sso|iam|rbac|ssh|authorization|admins?|route|dns|vpn|whitelist|allowlist|visibility)\b/;

const signal: Signal = {
  id: 'permissions',
  title: 'Permissions, security and network settings',
  why: 'Who may do what, and what can be reached, decides about everything else; a change there weighs more than other changes.',
  examples: { speaks: [{ name: 'add_collaborator' }, { name: 'update_firewall' }], silent: [{ name: 'add_comment' }] },
  *notice(subject): Iterable<Clue> {
    const found = inName(subject, NAMED);
    if (!found) return;
    const reads = subject.acts.some(({ role, sense }) => role === 'main' && sense.says === 'Read');
    if (!reads)
      yield {
        says: 'facet:touches-permissions',
        weight: 0.8,
        because: 'it touches who may do or reach what',
        quote: found,
      };
    yield {
      says: 'raises',
      weight: 1,
      because: 'it touches permissions, security or network settings',
      quote: found,
    };
  },
};
export default signal;

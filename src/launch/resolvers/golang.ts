import { commandResolver } from '../containers/command.ts';

/** Versions of modules begin with a v; listings leave it out at times. */
export default commandResolver('golang', 'Go modules', (name, version) => [
  'go',
  'run',
  `${name}@${/^\d/.test(version) ? `v${version}` : version}`,
]);

import { commandResolver } from '../containers/command.ts';

/** Cargo runs no crate by its name: it is built into a scratch folder first, and what came of it is started. */
const BUILD_AND_RUN =
  'cargo install --quiet --locked --root /tmp/crate --version "$2" -- "$1" >&2 && shift 2 && exec "$(ls -d /tmp/crate/bin/* | head -n 1)" "$@"';

export default commandResolver('cargo', 'crates', (name, version) => ['sh', '-c', BUILD_AND_RUN, 'sh', name, version]);

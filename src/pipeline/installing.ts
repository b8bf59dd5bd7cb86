import type { Settings } from '#config.ts';
import { openConfinement } from '#enumerate/errand/confine.ts';
import type { InstallOptions } from '#launch/resolver.ts';

/** Said once a run, and by doctor, where installers cannot be run apart. */
export const INSTALLS_OUTSIDE =
  'Packages are installed on this machine itself, with their scripts off: bubblewrap, which would keep installers apart, cannot be used here. Python packages are read and not installed.';

/** Where packages come from and how they are installed: apart, in a sandbox that reaches their registry only, where it can be had. */
export async function installing(
  settings: Pick<
    Settings,
    'home' | 'npmRegistryUrl' | 'pypiUrl' | 'pypiBuilds' | 'containerEngine' | 'containerImages' | 'containerPull'
  >,
  stage: string,
): Promise<InstallOptions> {
  return {
    home: settings.home,
    stage,
    registry: settings.npmRegistryUrl,
    pythonIndex: settings.pypiUrl,
    builds: settings.pypiBuilds,
    containers: {
      engine: settings.containerEngine,
      images: settings.containerImages,
      pull: settings.containerPull === 'digest',
    },
    confine: await openConfinement(stage),
  };
}

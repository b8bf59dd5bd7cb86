import { commandResolver } from '../containers/command.ts';

/** `dnx` is .NET's own way to run a tool by its name, since .NET 10. */
export default commandResolver('nuget', 'NuGet packages', (name, version) => [
  'dnx',
  `${name}@${version}`,
  '--yes',
  '--',
]);

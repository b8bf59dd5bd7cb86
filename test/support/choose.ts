// Prints the reports on one sandbox, as whoever runs this: `choose.ts SANDBOX STAGE`.
import { readSettings } from '#config.ts';
import { chooseSandbox } from '#enumerate/choose.ts';

const [id, stage] = process.argv.slice(2);
const { reports } = await chooseSandbox(id!, { stage: stage!, settings: readSettings(process.env) });
console.log(JSON.stringify(reports));

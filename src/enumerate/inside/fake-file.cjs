'use strict';
// Runs before the server and puts the file there that made-up values name: all that a program looks for in a file of
// credentials, and none of it real. JSON is YAML as well, so that one file serves for Google's OAuth clients and service
// accounts, for Kubernetes and for what keeps a mere token.
const fs = require('node:fs');
const path = require('node:path');

try {
  const { COPYFILE_EXCL } = fs.constants;
  fs.copyFileSync(path.join(__dirname, 'fake-file.json'), '/tmp/plimsoll-fake.json', COPYFILE_EXCL);
} catch {
  // It is there already, or this sandbox lets nothing be written there.
}

'use strict';
// Runs before the server and writes the file that made-up values name, where there is none: all that a program looks
// for in a file of credentials, and none of it real. JSON is YAML as well, so that one file serves for Google's OAuth
// clients and service accounts, for Kubernetes and for what keeps a mere token.
const fs = require('node:fs');

const PATH = '/tmp/plimsoll-fake.json';
const VALUE = 'plimsoll-fake-value';
const SITE = 'https://plimsoll.invalid';
const client = {
  client_id: VALUE,
  client_secret: VALUE,
  project_id: VALUE,
  auth_uri: SITE,
  token_uri: SITE,
  redirect_uris: ['http://localhost'],
};
const named = (kind, more) => [{ name: VALUE, [kind]: more }];

try {
  fs.writeFileSync(
    PATH,
    JSON.stringify({
      type: 'service_account',
      ...client,
      client_email: 'plimsoll@plimsoll.invalid',
      private_key_id: VALUE,
      private_key: VALUE,
      installed: client,
      web: client,
      token: VALUE,
      access_token: VALUE,
      refresh_token: VALUE,
      token_type: 'Bearer',
      scope: '',
      expiry_date: 4_102_444_800_000,
      apiVersion: 'v1',
      kind: 'Config',
      clusters: named('cluster', { server: SITE }),
      users: named('user', { token: VALUE }),
      contexts: named('context', { cluster: VALUE, user: VALUE }),
      'current-context': VALUE,
    }),
    { flag: 'wx' },
  );
} catch {
  // It is there already, or this sandbox lets nothing be written there.
}

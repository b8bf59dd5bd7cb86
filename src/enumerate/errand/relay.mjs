// Runs inside: hands what comes to loopback on to the proxy's socket, and runs the command behind it.
// relay.mjs SOCKET PORT COMMAND [ARGUMENT …]
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';

const [socket, port, command, ...args] = process.argv.slice(2);
const server = createServer((near) => {
  const far = connect(socket);
  for (const [one, other] of [
    [near, far],
    [far, near],
  ]) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
  near.pipe(far).pipe(near);
});
server.listen(Number(port), '127.0.0.1', () => {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  child.on('error', (error) => {
    console.error(String(error.message));
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(signal ? 128 : (code ?? 1)));
});

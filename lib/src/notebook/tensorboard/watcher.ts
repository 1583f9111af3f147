/**
 * A program, as text so that it runs wherever this library does, that runs a command and ends it when our process ends:
 * even if our process is killed, its end of a pipe, this program's standard input, is closed.
 */
export const watcher = `
const [command, ...args] = process.argv.slice(1);
const child = require('child_process').spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
child.on('error', (error) => { process.stderr.write(error.message + '\\n'); process.exit(127); });
child.on('exit', (code) => process.exit(code ?? 1));
const end = () => { child.kill('SIGTERM'); setTimeout(() => child.kill('SIGKILL'), 3000); };
process.stdin.on('end', end).on('error', end).resume();
process.stderr.on('error', () => {});
`;

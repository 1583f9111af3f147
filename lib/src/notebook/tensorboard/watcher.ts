/**
 * The program of a process that runs a command, its arguments, and ends it when our process ends: even one that is killed closes
 * its end of a pipe, which is this program's standard input. It is a text, so that it runs wherever this library does.
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

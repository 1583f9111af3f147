/** The user's web browser. */
import { spawn } from 'node:child_process';

/** Whether there is a display for a browser. */
export function hasDisplay({ env = process.env, platform = process.platform } = {}) {
  return platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** Opens a page. Failures are ignored, since the address was printed. */
export function openBrowser(address) {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(command, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

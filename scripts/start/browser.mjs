/** The user's web browser. */
import { spawn } from 'node:child_process';

/** Whether there is a screen to show a browser on. */
export function hasDisplay({ env = process.env, platform = process.platform } = {}) {
  return platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** Opens a page. That it doesn't is no error: the address has been printed. */
export function openBrowser(address) {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(command, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

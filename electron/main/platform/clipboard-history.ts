import { execFile } from 'node:child_process';

import type { HostFacts } from '#shared/contract/bridge.ts';

type History = HostFacts['clipboardHistory'];

const KEY = 'HKCU\\Software\\Microsoft\\Clipboard';

const registry = (name: string): Promise<string> =>
  new Promise((resolve) => {
    execFile('reg.exe', ['query', KEY, '/v', name], { windowsHide: true, timeout: 5_000 }, (error, stdout) =>
      resolve(error === null ? stdout : ''),
    );
  });

const isOn = (answer: string): boolean => /REG_DWORD\s+0x0*1\b/iu.test(answer);

/**
 * Whether this system keeps what was copied in a history that clearing does not reach. On Windows that is a
 * value of the registry; on macOS nobody can be asked (other devices of the person); KDE keeps one unless told
 * not to; of other desktops nothing is known.
 */
export const clipboardHistory = async (
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  ask: (name: string) => Promise<string> = registry,
): Promise<History> => {
  if (platform === 'win32') {
    const answers = await Promise.all(['EnableClipboardHistory', 'EnableCloudClipboard'].map(ask));
    return answers.some(isOn) ? 'on' : 'off';
  }
  if (platform === 'linux' && /(^|:)KDE(:|$)/iu.test(environment['XDG_CURRENT_DESKTOP'] ?? '')) return 'on';
  return 'possible';
};

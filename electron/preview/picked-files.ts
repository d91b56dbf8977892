import type { CDPSession } from 'playwright-core';

/**
 * Replaces the tokens that the page's `webUtils` gave for files by what they stand for: the real path, asked
 * from the browser, or, for a file made in memory, its bytes. Nothing is streamed through the page.
 */
export const resolveFiles = async (
  value: unknown,
  deliver: string,
  devtools: CDPSession | null,
  contextId: number,
): Promise<unknown> => {
  const prefix = `${deliver}:file:`;
  const look = async (inner: unknown): Promise<unknown> => {
    if (Array.isArray(inner)) return Promise.all(inner.map(look));
    if (typeof inner !== 'object' || inner === null || inner instanceof Uint8Array) return inner;
    const path = (inner as { path?: unknown }).path;
    if (typeof path === 'string' && path.startsWith(prefix) && devtools !== null) {
      return resolveFile(Number(path.slice(prefix.length)), deliver, devtools, contextId);
    }
    const entries = await Promise.all(
      Object.entries(inner).map(async ([key, part]) => [key, await look(part)] as const),
    );
    return Object.fromEntries(entries);
  };
  return look(value);
};

const resolveFile = async (
  number: number,
  deliver: string,
  devtools: CDPSession,
  contextId: number,
): Promise<{ path: string } | { name: string; bytes: Uint8Array }> => {
  const name = JSON.stringify(deliver);
  const { result } = await devtools.send('Runtime.evaluate', {
    expression: `globalThis[${name}].file(${number})`,
    contextId,
  });
  if (result.objectId === undefined) throw new Error('the file is gone');
  const { path } = await devtools.send('DOM.getFileInfo', { objectId: result.objectId });
  if (path !== '') return { path };
  const content = await devtools.send('Runtime.callFunctionOn', {
    objectId: result.objectId,
    functionDeclaration: `async function () {
      const bytes = new Uint8Array(await this.arrayBuffer());
      let text = '';
      for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
      return { name: this.name, base64: btoa(text) };
    }`,
    awaitPromise: true,
    returnByValue: true,
  });
  const made = content.result.value as { name: string; base64: string };
  return { name: made.name, bytes: new Uint8Array(Buffer.from(made.base64, 'base64')) };
};

import type { CDPSession } from 'playwright-core';

export interface ShellPrompt {
  readonly hint: string;
  readonly accept: string;
  readonly cancel: string;
}

/** Runs in a world of its own inside the page: the page's scripts cannot see or answer it. */
const formInPage = (texts: ShellPrompt & { title: string; initial: string }): Promise<string[]> =>
  new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    const heading = document.createElement('h2');
    heading.textContent = texts.title;
    const label = document.createElement('label');
    label.textContent = texts.hint;
    const input = document.createElement('textarea');
    input.value = texts.initial;
    input.rows = 3;
    const accept = document.createElement('button');
    accept.textContent = texts.accept;
    const cancel = document.createElement('button');
    cancel.textContent = texts.cancel;
    label.append(input);
    dialog.append(heading, label, accept, cancel);
    input.style.cssText = 'display:block;width:36rem;max-width:80vw;margin:0.5rem 0';
    dialog.style.cssText = 'font:15px sans-serif;padding:1rem;border:2px solid #0b5d5e;border-radius:8px';
    const done = (lines: string[]): void => {
      dialog.remove();
      resolve(lines);
    };
    accept.addEventListener('click', () =>
      done(
        input.value
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== ''),
      ),
    );
    cancel.addEventListener('click', () => done([]));
    dialog.addEventListener('cancel', () => done([]));
    document.body.append(dialog);
    dialog.showModal();
    input.select();
  });

/** Shows the form and waits for its answer; empty when it was cancelled. */
export const promptPaths = async (
  devtools: CDPSession,
  texts: ShellPrompt & { title: string; initial: string },
): Promise<string[]> => {
  const { frameTree } = await devtools.send('Page.getFrameTree');
  const { executionContextId } = await devtools.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
    worldName: 'resguardo-prompt',
  });
  const { result } = await devtools.send('Runtime.evaluate', {
    expression: `(${formInPage.toString()})(${JSON.stringify(texts)})`,
    contextId: executionContextId,
    awaitPromise: true,
    returnByValue: true,
  });
  return Array.isArray(result.value) ? (result.value as string[]) : [];
};

/** What the mark says, by the language of the page. */
export interface PreviewMark {
  readonly es: string;
  readonly en: string;
}

/** Says in a corner of every window that this is not the application, in the language that the page has just then. */
export const markPage = async (devtools: CDPSession, texts: PreviewMark): Promise<void> => {
  const { frameTree } = await devtools.send('Page.getFrameTree');
  const { executionContextId } = await devtools.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
    worldName: 'resguardo-mark',
  });
  const place = (words: PreviewMark): void => {
    const mark = document.createElement('aside');
    const page = document.documentElement;
    const say = (): void => {
      const said = page.lang.startsWith('en') ? words.en : words.es;
      mark.textContent = said;
      mark.setAttribute('aria-label', said);
    };
    say();
    new MutationObserver(say).observe(page, { attributeFilter: ['lang'] });
    mark.style.cssText =
      'position:fixed;left:10px;bottom:56px;z-index:2147483647;pointer-events:none;' +
      'font:600 11px sans-serif;padding:2px 8px;border-radius:9px;color:#5a3a00;background:#fbf0da;border:1px solid #9a6200';
    document.body.append(mark);
  };
  await devtools.send('Runtime.evaluate', {
    expression: `(${place.toString()})(${JSON.stringify(texts)})`,
    contextId: executionContextId,
  });
};

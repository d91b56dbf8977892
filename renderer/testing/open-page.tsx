import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { act, type JSX } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { vi } from 'vitest';
import type { MethodName, Output } from '../api/contract.ts';
import { startLanguage } from '../i18n/index.ts';

/** What the engine says to each call in a test; a method without an answer is refused. */
export type Answers = { readonly [M in MethodName]?: Output<M> };
interface Opened {
  /** The draft that somebody is sent back to the page for. */
  readonly draft?: string;
  /** An engine that answers what depends on what it was told before. */
  readonly engine?: { call(method: MethodName, input: Record<string, unknown>): Promise<unknown> };
}

let root: Root | undefined;
let queries = new QueryClient();

/** Waits until what was asked for has come and is drawn, and what that asked for in turn. */
export async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 2;) {
    await act(async () => new Promise((done) => setTimeout(done, 10)));
    quiet = queries.isFetching() + queries.isMutating() === 0 ? quiet + 1 : 0;
  }
}

/** A page in an otherwise empty window, in Spanish, with an engine that gives fixed answers or its own. */
export async function openPage(
  component: () => JSX.Element,
  answers: Answers = {},
  { draft, engine }: Opened = {},
): Promise<void> {
  closePage();
  // What jsdom lacks and components look at.
  const deaf = { addEventListener() {}, removeEventListener() {} };
  Object.assign(document, { fonts: deaf });
  Object.assign(globalThis, {
    IS_REACT_ACT_ENVIRONMENT: true,
    ResizeObserver: class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    },
  });
  Object.assign(window, {
    scrollTo: () => undefined,
    matchMedia: vi.fn(() => ({ matches: false, ...deaf })),
    resguardo: {
      call: async (method: MethodName, input: Record<string, unknown>) =>
        method in answers
          ? { ok: true, value: answers[method] }
          : (engine?.call(method, input) ?? { ok: false, error: { code: 'record.notFound' } }),
      chooseFiles: async () => [{ id: 'chosen', name: 'chosen', sizeBytes: 1 }],
      on: () => () => undefined,
    },
  });
  startLanguage('es');
  const router = createRouter({
    routeTree: createRootRoute({ component }),
    history: createMemoryHistory({ initialEntries: [draft === undefined ? '/' : `/?draft=${draft}`] }),
  });
  queries = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } });
  const place = document.createElement('div');
  document.body.replaceChildren(place);
  root = createRoot(place);
  act(() =>
    root?.render(
      <MantineProvider env="test">
        <Notifications />
        <QueryClientProvider client={queries}>
          <RouterProvider router={router as never} />
        </QueryClientProvider>
      </MantineProvider>,
    ),
  );
  await settle();
}

/** Closes it; after each test, and before another is opened. */
export function closePage(): void {
  if (root === undefined) return;
  act(() => root?.unmount());
  root = undefined;
}

/** Presses the button that is called so, by its words or by its label. */
export async function press(name: string, among: ParentNode = document): Promise<void> {
  const buttons = [...among.querySelectorAll<HTMLElement>('button')];
  const found = buttons.find(
    (button) => button.getAttribute('aria-label') === name || button.textContent === name,
  );
  if (found === undefined) throw new Error(`no button ${name}`);
  act(() => found.click());
  await settle();
}

/** Types into a field, as a person's keys do. */
export async function type(field: HTMLInputElement | HTMLTextAreaElement, words: string): Promise<void> {
  act(() => {
    field.focus();
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value')?.set?.call(field, words);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await settle();
}

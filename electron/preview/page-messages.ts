/** From a page to the stand-in, over the DevTools binding. */
export type PageMessage =
  | { readonly t: 'invoke'; readonly id: number; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly t: 'port'; readonly id: number; readonly data: unknown }
  | { readonly t: 'copied'; readonly text: string };

/** From the stand-in to a page. */
export type HostMessage =
  | { readonly t: 'answer'; readonly id: number; readonly value?: unknown; readonly failed?: string }
  | {
      readonly t: 'message';
      readonly channel: string;
      readonly args: readonly unknown[];
      readonly ports: readonly number[];
    }
  | { readonly t: 'port'; readonly id: number; readonly data: unknown };

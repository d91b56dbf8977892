/**
 * The page's style nonce. Style elements made at run time (Mantine's variables, the scroll lock of dialogues)
 * carry it, so that the policy needs no `unsafe-inline`. Must run before anything renders.
 */
const fromMeta = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? '';
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = fromMeta;

export const styleNonce = (): string => fromMeta;

/** Tells the shell, at most every few seconds, that a person is at work; and of every copy; and refuses drag-out. */
export const watchInput = (onActivity: () => void, onCopy: () => void): void => {
  const quietMs = 5_000;
  let lastMs = -quietMs;
  const active = ({ timeStamp }: Event): void => {
    if (timeStamp - lastMs < quietMs) return;
    lastMs = timeStamp;
    onActivity();
  };
  for (const kind of ['keydown', 'pointerdown', 'wheel'])
    window.addEventListener(kind, active, { capture: true, passive: true });
  for (const kind of ['copy', 'cut']) window.addEventListener(kind, onCopy, true);
  // Dragging an element out needs a plaintext file outside the vault.
  window.addEventListener('dragstart', (event) => event.preventDefault(), true);
};

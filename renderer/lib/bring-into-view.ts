/** Scrolls a list, and nothing around it, so far that its marked entry can be seen. */
export function bringIntoView(list: HTMLElement | null): void {
  const entry = list?.querySelector<HTMLElement>('[data-on="true"]');
  if (!list || !entry) return;
  const frame = list.getBoundingClientRect();
  const box = entry.getBoundingClientRect();
  if (box.top < frame.top) list.scrollTop -= frame.top - box.top;
  else if (box.bottom > frame.bottom)
    list.scrollTop += Math.min(box.bottom - frame.bottom, box.top - frame.top);
}

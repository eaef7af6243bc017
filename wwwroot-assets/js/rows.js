// A table row that opens something is one large link: a click anywhere on it is a click on its first link.
// What was pressed is what opens, though a live list may have moved under the pointer before it was let go.
const drag = 8;
let pressed = null;

document.addEventListener('pointerdown', event => {
  const row = event.isPrimary && event.button === 0 ? event.target.closest('tr.opens') : null;
  pressed = row && { row, x: event.clientX, y: event.clientY };
}, { capture: true, passive: true });

document.addEventListener('click', event => {
  const press = pressed;
  pressed = null;
  if (!press || event.defaultPrevented || event.target.closest('a, button, input, select, label')) return;
  const isDrag = Math.hypot(event.clientX - press.x, event.clientY - press.y) > drag || !getSelection().isCollapsed;
  if (isDrag) return;
  const { ctrlKey, metaKey, shiftKey } = event;
  press.row.querySelector('a[href]')?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, view: window, ctrlKey, metaKey, shiftKey }));
});

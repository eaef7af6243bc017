// The palette: Ctrl K or its field on the rail opens it. The field keeps the focus; arrows move the chosen line, Enter takes it.
// What it lists comes from the circuit; Stop all, the theme and the way out are controls of the page that are pressed, so they work without it.
const palette = () => document.getElementById('palette');
const field = () => palette().querySelector('input');
const list = () => document.getElementById('palette-list');
const lines = () => [...list().querySelectorAll('[role="option"]')];
const chosen = () => list().querySelector('[aria-selected="true"]');

let moved = false; // the operator chose a line herself: what comes in late doesn't take it from her
let waiting = null; // Enter was pressed before the list for what is typed was there, and no line was chosen
let watched = null;

export function open() {
  if (!palette() || palette().open) return;
  watch();
  palette().showModal();
  type('');
  field().focus();
}

function type(text) {
  moved = false;
  waiting = null;
  field().value = text;
  field().dispatchEvent(new Event('input', { bubbles: true }));
  if (isCurrent()) choose(lines()[0]);
}

const isCurrent = () => (list().dataset.for ?? '') === field().value;

function watch() {
  if (watched === list()) return;
  watched = list();
  new MutationObserver(() => {
    // The line she chose is gone: her Enter was not for what stands there now.
    if (moved && !chosen()) moved = false, waiting = null;
    if (!moved) choose(lines()[0]);
    if (waiting && isCurrent()) { const event = waiting; waiting = null; take(chosen(), event); }
  }).observe(watched, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-for'] });
}

function choose(line) {
  for (const other of list().querySelectorAll('[aria-selected="true"]')) other.setAttribute('aria-selected', 'false');
  line?.setAttribute('aria-selected', 'true');
  line?.scrollIntoView({ block: 'nearest' });
  if (line) field().setAttribute('aria-activedescendant', line.id); else field().removeAttribute('aria-activedescendant');
}

function take(line, { ctrlKey = false, metaKey = false, shiftKey = false } = {}) {
  line?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, view: window, ctrlKey, metaKey, shiftKey }));
}

const close = () => palette().close();

document.addEventListener('keydown', event => {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    if (palette()?.open) close(); else open();
    return;
  }
  if (!palette()?.open || event.isComposing) return;
  const all = lines();
  const at = all.indexOf(chosen());
  const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, PageDown: Math.min(at + 8, all.length - 1), PageUp: Math.max(at - 8, 0) }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    moved = true;
    choose(all[to]);
  } else if (event.key === 'Enter' && event.target === field()) {
    event.preventDefault();
    if (moved || isCurrent()) take(chosen(), event); else waiting = event;
  }
});

document.addEventListener('input', event => { if (palette()?.open && event.target === field() && event.isTrusted) { moved = false; waiting = null; } });

document.addEventListener('click', event => {
  if (event.target.closest?.('[data-palette]')) return open();
  if (!palette()?.open) return;
  if (event.target === palette() || event.target.closest('[data-palette-close]')) return close();
  const line = event.target.closest('.palette-item');
  if (!line) return;
  close();
  if (line.dataset.presses) document.querySelector(line.dataset.presses)?.click();
});

// However it closes, what was typed is forgotten.
document.addEventListener('close', event => { if (event.target === palette()) type(''); }, true);
document.addEventListener('pointermove', event => {
  const line = palette()?.open ? event.target.closest?.('.palette-item') : null;
  if (line && line !== chosen() && (event.movementX || event.movementY)) { moved = true; choose(line); }
}, { passive: true });

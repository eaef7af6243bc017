// Keys of the shell. Always: Ctrl Shift . stops all, Ctrl Enter sends the form written in (Ctrl K is in palette.js). Single keys, which the operator can switch off and which sleep while she types
// or a dialog is open: G then a letter opens a page, ? lists the keys, / searches the page, J and K (arrows, once in one) move through rows, X ticks a row,
// a button's data-press is its letter. Enter on a row is the browser's own: the row's link has the focus.
const waitForSecondKey = 1200;
let leaderAt = -Infinity;

const isTyping = target => target.closest?.('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable=""], [contenteditable="true"]') !== null;
const help = () => document.getElementById('keys-help');
const sleeps = () => help()?.dataset.singleKeys === 'off' || document.querySelector('dialog[open], .rz-dialog') !== null;

// Rows of tables that open something, and the links of a list marked data-rows.
const row = 'main tr.opens, main [data-rows] a[href]';
const rows = () => [...document.querySelectorAll(row)].filter(one => one.offsetParent !== null);
const rowHere = () => document.activeElement?.closest(row);

function step(by) {
  const all = rows();
  const here = all.indexOf(rowHere());
  const at = here < 0 ? all.findIndex(one => one.getAttribute('aria-current') === 'true') : here;
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  if (!next) return;
  (next.matches('a') ? next : next.querySelector('a[href]') ?? next).focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}

function press(event) {
  const key = event.key.toLowerCase();
  if (event.timeStamp - leaderAt < waitForSecondKey) {
    leaderAt = -Infinity;
    document.querySelector(`a[data-key="${CSS.escape(key)}"]`)?.click();
    return true;
  }
  const search = document.querySelector('main input[data-search]');
  const by = { j: 1, k: -1, arrowdown: 1, arrowup: -1 }[key];
  if (key === '?') help()?.showModal();
  else if (key === '/' && search) search.focus();
  else if (key === 'g') leaderAt = event.timeStamp;
  else if (by && (key.length === 1 || rowHere())) step(by);
  else if (key === 'x' && rowHere()) rowHere().querySelector('input[type="checkbox"]')?.click();
  else {
    const button = document.querySelector(`button[data-press="${CSS.escape(key)}"]:not(:disabled)`);
    button?.click();
    return button !== null;
  }
  return true;
}

document.addEventListener('keydown', event => {
  if (event.ctrlKey && event.shiftKey && (event.code === 'Period' || event.key === '.')) {
    event.preventDefault();
    document.querySelector('button[form="stop-all"]:not(:disabled)')?.click();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === 'Enter' && event.target.matches?.('textarea')) {
    event.preventDefault();
    event.target.form?.requestSubmit();
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || sleeps()) return;
  if (press(event)) event.preventDefault();
});

document.addEventListener('click', event => { if (event.target.closest?.('[data-keys-help]')) help()?.showModal(); });

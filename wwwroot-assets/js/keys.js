// Keys of the shell: G then a letter opens a page, ? lists the keys, / searches the page, J and K walk along a list marked data-rows, Ctrl Shift . stops all,
// Ctrl Enter sends the form written in, a button's data-press is its letter. Single keys are off while typing.
const waitForSecondKey = 1200;
let leaderAt = 0;

const isTyping = target => target.closest?.('input, textarea, select, [contenteditable=""], [contenteditable="true"]') !== null;

function walk(step) {
  const rows = [...document.querySelectorAll('main [data-rows] a[href]')];
  const now = rows.indexOf(document.activeElement);
  const start = now >= 0 ? now : rows.findIndex(row => row.getAttribute('aria-current') === 'true');
  rows[Math.min(rows.length - 1, Math.max(0, start + step))]?.focus();
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
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;

  const key = event.key.toLowerCase();
  if (key === '?') {
    event.preventDefault();
    document.getElementById('keys-help')?.showModal();
  } else if (key === '/') {
    const search = document.querySelector('main input[data-search]');
    if (search) event.preventDefault();
    search?.focus();
  } else if (event.timeStamp - leaderAt < waitForSecondKey) {
    leaderAt = 0;
    document.querySelector(`a[data-key="${CSS.escape(key)}"]`)?.click();
  } else if (key === 'j' || key === 'k') {
    walk(key === 'j' ? 1 : -1);
  } else if (key === 'g') {
    leaderAt = event.timeStamp;
  } else {
    document.querySelector(`button[data-press="${CSS.escape(key)}"]:not(:disabled)`)?.click();
  }
});

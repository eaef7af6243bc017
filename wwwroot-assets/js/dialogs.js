// A dialog has the focus from the moment it stands there. The library gives it half a second later, when whoever was quick writes in it already:
// her next letters would go to another field, and a space press a button.
const focusable = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled)';
const open = Radzen.openDialog;

// False while there is nothing in it yet to have the focus.
function giveFocus(dialog) {
  if (dialog.contains(document.activeElement)) return true;
  const first = [...dialog.querySelectorAll(focusable)].find(one => one.offsetParent !== null && one.tabIndex >= 0);
  first?.focus();
  return first !== undefined;
}

Radzen.openDialog = (...settings) => {
  open(...settings); // remembers where the focus was, to give it back
  const dialog = [...document.querySelectorAll('.rz-dialog-content')].at(-1);
  if (dialog && !giveFocus(dialog))
    new MutationObserver((_, watch) => { if (!dialog.isConnected || giveFocus(dialog)) watch.disconnect(); }).observe(dialog, { childList: true, subtree: true });
};

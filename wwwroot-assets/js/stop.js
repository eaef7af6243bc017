// Stop all is a plain form post, so it works with the circuit lost and with this script gone.
// With the script it is sent in the background, and what came of it is said at once.
document.addEventListener('submit', async event => {
  const form = event.target;
  if (form.id !== 'stop-all') return;
  event.preventDefault();
  const buttons = document.querySelectorAll('button[form="stop-all"]');
  const busy = is => buttons.forEach(button => { button.toggleAttribute('aria-busy', is); });
  if ([...buttons].some(button => button.hasAttribute('aria-busy'))) return;
  busy(true);
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new FormData(form), headers: { Accept: 'application/json' }, credentials: 'same-origin' });
    if (!answer.ok) return say(answer.status === 403 ? 'Not stopped: your role may not stop the service.' : `Not stopped: the server answered ${answer.status}.`);
    if (circuitIsLost()) return location.reload();
    // Without a rail nothing else on the page tells.
    if (!document.querySelector('.shell')) say('Stopped. Nothing is sent any more.');
  } catch {
    say(`Not stopped: the server could not be reached. On the server, run: ${form.dataset.byHand}`);
  } finally {
    busy(false);
  }
});

const circuitIsLost = () => /components-reconnect-(show|failed|rejected)/.test(document.getElementById('components-reconnect-modal')?.className ?? '');

function say(text) {
  const place = document.getElementById('stop-fault');
  if (!place) return;
  place.querySelector('[data-text]').textContent = text;
  place.hidden = false;
}

document.addEventListener('click', event => {
  if (event.target.closest?.('[data-close]')) event.target.closest('[data-close]').closest('[data-closes]').hidden = true;
  if (event.target.closest?.('[data-reload]')) location.reload();
  const copy = event.target.closest?.('[data-copy]');
  if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => { copy.title = 'Copied'; copy.classList.add('is-copied'); });
});

import './passkeys.js';

// The eye beside a password shows it while pressed in.
document.addEventListener('click', event => {
  const eye = event.target.closest?.('[data-shows]');
  const field = eye && document.getElementById(eye.dataset.shows);
  if (!field) return;
  const shows = field.type === 'password';
  field.type = shows ? 'text' : 'password';
  eye.setAttribute('aria-pressed', String(shows));
});
// The one-time token stands after the # of the link, so it reaches no server log; it is posted with the form instead.
const field = document.getElementById('link-token');
if (field && location.hash.length > 1) {
  field.value = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
}
if (field && field.value === '') document.getElementById('no-link-token')?.removeAttribute('hidden');

// Tells the server that a person is still there: on real input, at most every two minutes. After 30 minutes without, signs out.
const tellEvery = 2 * 60_000;
const idleAfter = 30 * 60_000;
let usedAt = Date.now();
let toldAt = 0;

const token = () => document.querySelector('#sign-out input[name="__RequestVerificationToken"]')?.value;

function used() {
  usedAt = Date.now();
  if (usedAt - toldAt < tellEvery || !token()) return;
  toldAt = usedAt;
  const body = new FormData();
  body.set('__RequestVerificationToken', token());
  fetch('session', { method: 'POST', body, credentials: 'same-origin' }).catch(() => { toldAt = 0; });
}

for (const name of ['pointerdown', 'keydown', 'wheel', 'touchstart']) addEventListener(name, used, { passive: true, capture: true });
setInterval(() => { if (Date.now() - usedAt > idleAfter) document.getElementById('sign-out')?.submit(); }, 30_000);
used();

// Passkeys: asks the server for a challenge, the browser for an answer, and posts it. Every function says what went wrong, or nothing.
const token = () => document.querySelector('input[name="__RequestVerificationToken"]')?.value ?? '';
const gaveUp = 'No passkey was used. Try again, or use the code.';

export const isThere = () => typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function';

export const stepUp = () => answer('step-up', get);

export const add = name => answer('add', create, { name });

async function answer(purpose, ask, more = {}) {
  try {
    const begun = await post(`passkeys/${purpose}/begin`, {});
    if (begun.fault) return begun;
    return await post(`passkeys/${purpose}`, { id: begun.id, credential: await ask(begun.options), ...more });
  } catch (fault) {
    if (fault?.name === 'SecurityError') return { fault: 'Passkeys need a name in the address bar, such as localhost, not a number.' };
    if (fault?.name === 'InvalidStateError') return { fault: 'This device has a passkey for your account already.' };
    return { fault: fault?.name === 'NotAllowedError' ? gaveUp : 'The passkey could not be used: ' + (fault?.message ?? 'unknown') };
  }
}

async function get(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return (await navigator.credentials.get({ publicKey })).toJSON();
}

async function create(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return (await navigator.credentials.create({ publicKey })).toJSON();
}

async function post(path, body) {
  const answered = await fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', RequestVerificationToken: token() },
    body: JSON.stringify(body),
  });
  if (answered.ok || answered.status === 400 || answered.status === 429) return answered.json().catch(() => ({ fault: 'The page is too old. Reload it and try again.' }));
  return { fault: answered.status === 401 ? 'Your session has ended. Sign in again.' : 'The service did not answer. Try again.' };
}

// The sign-in page's button; it stays hidden where the browser can't do this.
const button = document.getElementById('use-passkey');
if (button && isThere()) {
  for (const part of document.querySelectorAll('[data-passkey]')) part.hidden = false;
  const says = document.getElementById('passkey-says');
  button.addEventListener('click', async () => {
    button.disabled = true;
    says.textContent = '';
    const back = new URLSearchParams(location.search).get('back') ?? '';
    const done = await answer('sign-in', get, { back });
    if (done.to) location.assign(done.to);
    else says.textContent = done.fault ?? '';
    button.disabled = false;
  });
}

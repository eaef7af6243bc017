// Says why nothing comes when the server opens no circuit, since its operator has as many screens open as one person may.
const askedKey = 'screens-asked';

new PerformanceObserver(list => {
  if (list.getEntries().some(entry => entry.responseStatus === 429 && new URL(entry.name).pathname.endsWith('/_blazor/negotiate'))) refused();
}).observe({ type: 'resource', buffered: true });

function refused() {
  // A screen that was there, lost its circuit and finds no place: the notice of the lost connection tells.
  if (document.querySelector('.shell')) return;
  // A page loaded again may ask before the server has seen its former self go, so it asks once more.
  if (Date.now() - Number(sessionStorage.getItem(askedKey)) > 10_000) {
    sessionStorage.setItem(askedKey, Date.now());
    setTimeout(() => location.reload(), 500);
    return;
  }
  if (!document.querySelector('.gate')) document.body.append(document.getElementById('screens-full').content.cloneNode(true));
}

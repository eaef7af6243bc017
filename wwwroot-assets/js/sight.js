// What is marked data-scroll-here is brought into view once. A button marked data-on-sight is pressed by being scrolled to, such as "Older texts" above a thread; by key and pointer it works as any other.
const watched = new IntersectionObserver(entries => {
  for (const entry of entries) if (entry.isIntersecting && entry.target.isConnected) entry.target.click();
}, { rootMargin: '120px 0px 0px' });
const known = new WeakSet();

let scrolledTo = null;

new MutationObserver(() => {
  const wanted = document.querySelector('[data-scroll-here]');
  if (wanted && wanted.dataset.scrollHere !== scrolledTo) wanted.scrollIntoView({ block: 'center' });
  scrolledTo = wanted?.dataset.scrollHere ?? null;
  for (const button of document.querySelectorAll('button[data-on-sight]')) {
    if (known.has(button)) continue;
    known.add(button);
    watched.observe(button);
  }
}).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-scroll-here'] });

// Light, dark or the system's choice. Runs before the first paint (a plain script in the head), so nothing flashes.
(() => {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const choices = ['system', 'light', 'dark'];
  const read = () => document.cookie.match(/(?:^|; )theme=(light|dark|system)/)?.[1] ?? 'system';
  const remember = (name, value) => { document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`; };

  const apply = () => {
    const choice = read();
    root.dataset.themeChoice = choice;
    root.dataset.theme = choice === 'system' ? (system.matches ? 'dark' : 'light') : choice;
  };

  apply();
  system.addEventListener('change', apply);
  remember('zone', Intl.DateTimeFormat().resolvedOptions().timeZone); // times are shown in it from the first rendering on
  remember('language', navigator.language); // and numbers with its marks, unless the account says otherwise

  document.addEventListener('click', event => {
    if (!event.target.closest?.('[data-theme-switch]')) return;
    remember('theme', choices[(choices.indexOf(read()) + 1) % choices.length]);
    apply();
  });
})();

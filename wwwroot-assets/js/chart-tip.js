// The tooltip of a chart: time in bold, then each series with square, name and value. Follows the pointer and the arrow keys.
export function attachTip(canvas, plot, shown, write) {
  const tip = document.createElement('div');
  const line = document.createElement('i');
  tip.className = 'chart-tip';
  line.className = 'chart-crosshair';
  tip.hidden = line.hidden = true;
  canvas.append(line, tip);
  let index = null;

  const area = () => (plot.querySelector('.apexcharts-grid-borders, .apexcharts-grid') ?? plot).getBoundingClientRect();

  const show = next => {
    const data = shown();
    const count = data.labels.length;
    if (count === 0 || next === null) return hide();
    index = Math.min(Math.max(next, 0), count - 1);
    tip.replaceChildren(heading(data.labels[index]), ...data.series.map(series => row(series, series.values[index], write)));
    tip.hidden = line.hidden = false;
    const frame = canvas.getBoundingClientRect();
    const box = area();
    const x = box.left - frame.left + box.width * (index + 0.5) / count;
    line.style.cssText = `left:${x}px;top:${box.top - frame.top}px;height:${box.height}px`;
    const flips = x + 14 + tip.offsetWidth > frame.width;
    tip.style.left = `${flips ? Math.max(x - 14 - tip.offsetWidth, 0) : x + 14}px`;
    tip.style.top = `${box.top - frame.top + 8}px`;
  };

  const hide = () => { index = null; tip.hidden = line.hidden = true; };

  const onMove = event => {
    const box = area();
    const inside = event.clientX >= box.left && event.clientX <= box.right;
    show(inside ? Math.floor((event.clientX - box.left) / box.width * shown().labels.length) : null);
  };

  const onKey = event => {
    const last = shown().labels.length - 1;
    const moves = { ArrowLeft: (index ?? last + 1) - 1, ArrowRight: (index ?? -1) + 1, Home: 0, End: last };
    if (event.key === 'Escape') return hide();
    if (!(event.key in moves)) return;
    event.preventDefault();
    show(moves[event.key]);
  };

  canvas.addEventListener('pointermove', onMove);
  canvas.addEventListener('pointerleave', hide);
  canvas.addEventListener('blur', hide);
  canvas.addEventListener('keydown', onKey);

  return {
    refresh: () => { if (index !== null) show(index); },
    detach: () => {
      canvas.removeEventListener('pointermove', onMove);
      canvas.removeEventListener('pointerleave', hide);
      canvas.removeEventListener('blur', hide);
      canvas.removeEventListener('keydown', onKey);
    },
  };
}

function heading(text) {
  const element = document.createElement('b');
  element.textContent = text;
  return element;
}

function row(series, value, write) {
  const element = document.createElement('div');
  const square = document.createElement('i');
  const name = document.createElement('span');
  const figure = document.createElement('em');
  square.className = 'square';
  square.style.background = `var(--chart-${series.color})`;
  name.textContent = series.name;
  figure.textContent = value === null || value === undefined ? 'none' : write(value);
  element.append(square, name, figure);
  return element;
}

// Draws one chart with ApexCharts: series and grid by the library, labels, bands and tooltip by us, colours from the tokens.
import ApexCharts from '../vendor/apexcharts.esm.js';
import { attachTip } from './chart-tip.js';
import { numberWriter } from './numbers.js';

const writersBy = number => ({
  Count: value => number(value, Number.isInteger(value) ? 0 : 1),
  Seconds: value => number(value, value < 10 ? 1 : 0) + ' s',
  Dollars: value => '$' + number(value, 2),
});
const axisWritersBy = number => ({
  Count: value => number(Math.round(value)),
  Seconds: value => number(value, Number.isInteger(value) ? 0 : 1) + ' s',
  Dollars: value => '$' + number(value, Number.isInteger(value) ? 0 : 2),
});

export function draw(canvas, kind, unit, height, data, marks) {
  const number = numberWriter(marks);
  let shown = data;
  const plot = canvas.appendChild(document.createElement('div'));
  const labels = canvas.appendChild(document.createElement('div'));
  labels.className = 'chart-labels';
  labels.append(...Array.from({ length: 3 }, () => document.createElement('span')));
  canvas.classList.add('is-drawn');

  const place = () => { placeLabels(canvas, plot, labels, shown); placeBands(plot, shown); };
  // The library draws anew by itself when its place changes size, and throws away what stands in it.
  const settings = () => { const all = options(kind, unit, height, shown, axisWritersBy(number)[unit]); all.chart.events = { updated: place }; return all; };
  const chart = new ApexCharts(plot, settings());
  let ready = chart.render().then(place);
  const tip = attachTip(canvas, plot, () => shown, writersBy(number)[unit]);

  const redraw = () => { ready = ready.then(() => chart.updateOptions(settings(), false, false, false)).then(place); };
  const themeWatch = new MutationObserver(redraw);
  themeWatch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const sizeWatch = new ResizeObserver(() => ready.then(place));
  sizeWatch.observe(plot);

  return {
    async update(next) { shown = next; redraw(); await ready; tip.refresh(); },
    async erase() {
      themeWatch.disconnect();
      sizeWatch.disconnect();
      tip.detach();
      await ready;
      chart.destroy();
      canvas.replaceChildren();
    },
  };
}

function options(kind, unit, height, data, writeAxis) {
  const nonce = document.querySelector('script[nonce]')?.nonce;
  const styles = getComputedStyle(document.documentElement);
  const token = name => styles.getPropertyValue(name).trim();
  const lines = kind === 'Lines';
  const top = niceTop(data, lines, unit);
  return {
    chart: {
      type: lines ? 'line' : 'bar', height: height + 24, stacked: !lines, parentHeightOffset: 0, offsetY: 0,
      animations: { enabled: false }, toolbar: { show: false }, zoom: { enabled: false }, selection: { enabled: false },
      injectStyleSheet: false, nonce, background: 'transparent', fontFamily: token('--font-sans'), redrawOnParentResize: true,
    },
    series: data.series.map(series => ({ name: series.name, data: series.values })),
    colors: data.series.map(series => token(`--chart-${series.color}`)),
    stroke: lines ? { curve: 'straight', width: data.series.map((_, i) => i === 0 ? 2 : 1.5) } : { width: 0 },
    plotOptions: { bar: { columnWidth: '74%', borderRadius: 1, borderRadiusApplication: 'end' } },
    states: { hover: { filter: { type: 'none' } }, active: { filter: { type: 'none' } } },
    fill: { opacity: 1 }, markers: { size: 0, hover: { size: 0 }, discrete: lines ? lonePoints(data, token) : [] },
    dataLabels: { enabled: false }, legend: { show: false }, tooltip: { enabled: false },
    grid: { borderColor: token('--chart-grid'), strokeDashArray: 0, padding: { top: -18, right: 2, bottom: -8, left: 4 }, xaxis: { lines: { show: false } }, yaxis: { lines: { show: true } } },
    xaxis: { categories: data.labels, labels: { show: false }, axisTicks: { show: false }, axisBorder: { show: true, color: token('--line-2'), height: 1 }, crosshairs: { show: false }, tooltip: { enabled: false } },
    yaxis: { min: 0, max: top.max, tickAmount: top.ticks, labels: { minWidth: 24, offsetX: -6, style: { colors: token('--text-3'), fontSize: '11px', fontFamily: token('--font-sans') }, formatter: writeAxis }, axisBorder: { show: false }, axisTicks: { show: false }, crosshairs: { show: false } },
    annotations: { yaxis: data.limit ? [{ y: data.limit.value, strokeDashArray: 4, borderColor: token('--text-3'), label: { text: data.limit.name, position: 'left', textAnchor: 'start', borderWidth: 0, offsetY: -2, style: { background: 'transparent', color: token('--text-3'), fontSize: '11px' } } }] : [] },
    noData: { text: '' },
  };
}

// A point between two gaps has no line to be seen by.
function lonePoints(data, token) {
  return data.series.flatMap((series, seriesIndex) => series.values.flatMap((value, dataPointIndex) =>
    value === null || (series.values[dataPointIndex - 1] ?? series.values[dataPointIndex + 1] ?? null) !== null ? []
      : [{ seriesIndex, dataPointIndex, size: 2.5, fillColor: token(`--chart-${series.color}`), strokeColor: token(`--chart-${series.color}`), shape: 'circle' }]));
}

// Round numbers on the axis, three steps, and never a top of zero.
function niceTop(data, lines, unit) {
  const columns = data.labels.map((_, i) => data.series.map(series => series.values[i] ?? 0));
  const highest = Math.max(data.limit?.value ?? 0, ...columns.map(values => lines ? Math.max(0, ...values) : values.reduce((sum, value) => sum + value, 0)));
  const least = unit === 'Count' ? 4 : unit === 'Seconds' ? 1 : 0.04;
  const wanted = Math.max(highest * 1.04, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  for (const [factor, ticks] of [[1, 2], [1.5, 3], [2, 2], [3, 3], [4, 2], [6, 3], [8, 2], [10, 2]])
    if (factor * power >= wanted) return { max: factor * power, ticks };
  return { max: 10 * power, ticks: 2 };
}

function plotBox(canvas, plot) {
  const grid = plot.querySelector('.apexcharts-grid-borders, .apexcharts-grid')?.getBoundingClientRect();
  const frame = canvas.getBoundingClientRect();
  return grid && grid.width > 0 ? { left: grid.left - frame.left, top: grid.top - frame.top, width: grid.width, height: grid.height } : null;
}

function placeLabels(canvas, plot, labels, data) {
  const box = plotBox(canvas, plot);
  if (!box) return;
  labels.style.left = `${box.left}px`;
  labels.style.top = `${box.top + box.height + 6}px`;
  labels.style.width = `${box.width}px`;
  const last = data.labels.length - 1;
  [0, Math.round(last / 2), last].forEach((index, i) => { labels.children[i].textContent = data.labels[index] ?? ''; });
}

function placeBands(plot, data) {
  plot.querySelectorAll('.chart-band').forEach(band => band.remove());
  const box = plotBox(plot, plot);
  if (!box || data.labels.length === 0) return;
  for (const { from, until, tone } of data.bands ?? []) {
    const band = document.createElement('i');
    band.className = `chart-band ${tone}`;
    band.style.left = `${box.left + box.width * from / data.labels.length}px`;
    band.style.width = `${box.width * Math.max(until - from, 0.5) / data.labels.length}px`;
    band.style.top = `${box.top}px`;
    band.style.height = `${box.height}px`;
    plot.prepend(band);
  }
}

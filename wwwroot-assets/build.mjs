// Copies everything the browser gets from us into SmsAi.Web/wwwroot/built, which git does not keep.
// Copies, not links: linked files are served empty by `dotnet run`.
//
//   css/**, js/**   as they are               -> built/css, built/js
//   fonts/*.woff2   as they are               -> built/fonts
//   images/*.svg    as they are               -> built/images
//   Radzen's sheet  without ":has"            -> built/css/radzen-base.css (its path is the first argument)
//   apexcharts      its ready-made ES module  -> built/vendor/apexcharts.esm.js
//   licences of all of these                  -> built/licences
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutHas } from './radzen-base.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, '..', 'SmsAi.Web', 'wwwroot', 'built');
const bundledByApexCharts = [
  'apexcharts',
  '@svgdotjs/svg.js', '@svgdotjs/svg.draggable.js', '@svgdotjs/svg.filter.js', '@svgdotjs/svg.resize.js', '@svgdotjs/svg.select.js',
  '@yr/monotone-cubic-spline',
];

const filesIn = async (folder, wanted) => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter(entry => entry.isFile() && wanted.test(entry.name)).map(entry => join(entry.parentPath ?? entry.path, entry.name));
};

const copy = async (from, ...to) => {
  const target = join(built, ...to);
  await mkdir(dirname(target), { recursive: true });
  await cp(from, target);
};

const copyTree = async (name, wanted) => {
  const root = join(here, name);
  for (const file of await filesIn(root, wanted)) await copy(file, name, file.slice(root.length + 1));
};

await rm(built, { recursive: true, force: true });
await copyTree('css', /\.css$/);
await copyTree('js', /\.m?js$/);
await copyTree('fonts', /\.woff2$/);
await copyTree('images', /\.svg$/);
const radzen = withoutHas((await readFile(process.argv[2], 'utf8')).replace(/^\uFEFF/, ''));
await writeFile(join(built, 'css', 'radzen-base.css'), radzen.replaceAll('../fonts/', '../../_content/Radzen.Blazor/fonts/'));
await copy(join(here, 'node_modules/apexcharts/dist/apexcharts.esm.js'), 'vendor', 'apexcharts.esm.js');

for (const file of await filesIn(join(here, 'fonts'), /OFL\.txt$/)) await copy(file, 'licences', file.split(/[\\/]/).pop());
for (const name of bundledByApexCharts) {
  const [licence] = (await readdir(join(here, 'node_modules', name))).filter(file => /^licen[cs]e/i.test(file));
  if (licence) await copy(join(here, 'node_modules', name, licence), 'licences', `${name.replace(/[@/]+/g, '-').replace(/^-/, '')}.txt`);
}

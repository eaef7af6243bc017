// Radzen's base sheet without the rules that ask what an element contains (":has"). None of them is for a part we use, and with them the
// browser worked out the styles of the whole page each time a chart measured a word: most of a second for each text that came in.
export function withoutHas(sheet) {
  let kept = '';
  for (let at = 0; at < sheet.length;) {
    const opens = find(sheet, at, '{;');
    if (opens === sheet.length || sheet[opens] === ';') {
      kept += sheet.slice(at, opens + 1);
      at = opens + 1;
      continue;
    }
    const closes = closing(sheet, opens);
    const [head, body] = [sheet.slice(at, opens).trim(), sheet.slice(opens + 1, closes)];
    at = closes + 1;
    if (/^@(media|container|supports|layer)\b/.test(head)) kept += `${head}{${withoutHas(body)}}`;
    else if (head.startsWith('@')) kept += `${head}{${body}}`;
    else {
      const selectors = split(head).filter(selector => !selector.includes(':has('));
      if (selectors.length > 0) kept += `${selectors.join(',')}{${body}}`;
    }
  }
  return kept;
}

// The next of these characters that stands in no string and in no brackets.
function find(text, from, wanted) {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"' || sign === "'") at = text.indexOf(sign, at + 1);
    else if (depth === 0 && wanted.includes(sign)) return at;
    else if (sign === '(' || sign === '[') depth++;
    else if (sign === ')' || sign === ']') depth--;
  }
  return text.length;
}

function closing(text, opens) {
  for (let at = opens + 1, depth = 1; ; at++) {
    at = find(text, at, '{}');
    if (at === text.length) throw new Error('A rule of the sheet has no end.');
    depth += text[at] === '{' ? 1 : -1;
    if (depth === 0) return at;
  }
}

function split(selectors) {
  const parts = [];
  for (let at = 0; at <= selectors.length;) {
    const comma = find(selectors, at, ',');
    parts.push(selectors.slice(at, comma));
    at = comma + 1;
  }
  return parts;
}

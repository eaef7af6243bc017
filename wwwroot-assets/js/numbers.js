// Writes numbers with the marks the page's own numbers have: { point, group, sizes }.
export function numberWriter({ point, group, sizes }) {
  const grouped = digits => {
    const parts = [];
    for (let i = 0; digits.length > 0; i++) {
      const size = sizes[Math.min(i, sizes.length - 1)] || digits.length;
      parts.unshift(digits.slice(-size));
      digits = digits.slice(0, -size);
    }
    return parts.join(group);
  };
  return (value, places = 0) => {
    const [whole, rest] = Math.abs(value).toFixed(places).split('.');
    return (value < 0 ? '−' : '') + grouped(whole) + (rest ? point + rest : '');
  };
}

// The chart of the README: for each measure that has a peer two bars, ours and theirs, the longer one as long as there is room. Light and dark: an
// image in a page knows what its reader prefers.
import { text } from "./report.mjs";

const [WIDTH, LABEL, BAR, ROW, TOP] = [860, 300, 400, 44, 56];
const HEIGHT = 13;

const STYLE = `
    text { font: 13px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328; }
    .title { font-weight: 600; font-size: 15px; }
    .quiet { fill: #59636e; font-size: 12px; }
    .ours { fill: #0f6cbd; }
    .theirs { fill: #a8b1ba; }
    .back { fill: #ffffff; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .quiet { fill: #9198a1; }
      .ours { fill: #4aa3f0; }
      .theirs { fill: #565f69; }
      .back { fill: #0d1117; }
    }`;

const escape = (value) => value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** An SVG of the rows that are compared with a peer. */
export function chart(rows, machine) {
  const height = TOP + rows.length * ROW + 30;
  const bars = rows.map((row, index) => {
    const y = TOP + index * ROW;
    const longest = Math.max(row.ours, row.theirs);
    const bar = (who, value, top) => {
      // A bar that is too short to be seen is still there.
      const width = Math.max((Math.max(value, 0) / longest) * BAR, 2).toFixed(1);
      return `<rect class="${who}" x="${LABEL}" y="${top}" width="${width}" height="${HEIGHT}" rx="2"/>
  <text x="${LABEL + Number(width) + 8}" y="${top + 11}">${escape(text(value, row.unit))}</text>`;
    };
    return `<text x="0" y="${y + 14}">${escape(row.name)}</text>
  <text class="quiet" x="0" y="${y + 30}">beside ${escape(row.peer)}</text>
  ${bar("ours", row.ours, y + 3)}
  ${bar("theirs", row.theirs, y + 19)}`;
  });
  const summary = rows.map((row) => `${row.name}: ${text(row.ours, row.unit)}, ${row.peer} ${text(row.theirs, row.unit)}`).join("; ");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="-16 -16 ${WIDTH + 32} ${height + 16}" role="img" aria-labelledby="title summary">
  <title id="title">Countersign and its peers, measured side by side</title>
  <desc id="summary">${escape(summary)}</desc>
  <style>${STYLE}
  </style>
  <rect class="back" x="-16" y="-16" width="${WIDTH + 32}" height="${height + 16}"/>
  <text class="title" x="0" y="10">Countersign and its peers</text>
  <text class="quiet" x="0" y="30">Shorter is better. Each pair has a scale of its own.</text>
  <rect class="ours" x="${LABEL}" y="0" width="12" height="12" rx="2"/><text x="${LABEL + 18}" y="11">Countersign</text>
  <rect class="theirs" x="${LABEL + 120}" y="0" width="12" height="12" rx="2"/><text x="${LABEL + 138}" y="11">the other</text>
  ${bars.join("\n  ")}
  <text class="quiet" x="0" y="${height - 10}">${escape(machine)}</text>
</svg>
`;
}

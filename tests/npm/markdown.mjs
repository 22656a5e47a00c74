// What the tests read of a Markdown file: its headings, as GitHub names their anchors, its links, and its code.
import { readFileSync } from "node:fs";

export const root = new URL("../../", import.meta.url);
export const read = (path) => readFileSync(new URL(path, root), "utf8");

const withoutCode = (text) => text.replace(/^( *)```[\s\S]*?^\1```$/gm, "");

/** GitHub's: lower case, blanks are hyphens, and nothing else but letters, digits, `-` and `_`; a repeated one is numbered. */
export function anchors(text) {
  const seen = new Map();
  return [...withoutCode(text).matchAll(/^#{1,6} (.*)$/gm)].map(([, heading]) => {
    const slug = heading.toLowerCase().replace(/[^\p{L}\p{N}\-_ ]/gu, "").replaceAll(" ", "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times ? `${slug}-${times}` : slug;
  });
}

/** Where its links lead to. */
export const links = (text) => [...withoutCode(text).replace(/`[^`\n]*`/g, "").matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);

/** Its fenced code of a language, in order. */
export const code = (text, language) =>
  [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^\\1\`\`\`$`, "gm"))].map(([, , block]) => block);

/** The cells of its tables whose first column is called so: one list of cells for each row. */
export const rows = (text, first) =>
  [...text.matchAll(new RegExp(`^\\| ${first} \\|.*\\n\\|[-|]+\\|\\n((?:\\|.*\\n)+)`, "gm"))].flatMap(([, body]) =>
    body.trim().split("\n").map((row) => row.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim())),
  );

/** A table of options of MIGRATING.md: the option, what it is here, and a note. */
export const optionTable = (heading) =>
  rows(read("pkg-template/MIGRATING.md").split(`\n### ${heading}\n`)[1].split("\n### ")[0], "option").map(([option, here, note]) => ({
    option: option.replaceAll("`", ""),
    here,
    note,
  }));

// Bytes as text that compresses like the bytes themselves. Base64 shifts them by bits, so that what is alike is not any more: a quarter more to download.

/**
 * A digit for each remainder by `BASE`, and before it, for what is that high or twice as high, a mark. No character means anything in a string, a
 * template, a replacement or HTML, wherever a bundler puts the text.
 */
export const ALPHABET = " !#%&()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~";
export const BASE = ALPHABET.length - 2;

export function unembed(text) {
  const values = new Uint8Array(128);
  [...ALPHABET].forEach((character, value) => {
    values[character.charCodeAt()] = value;
  });
  const bytes = new Uint8Array(text.length);
  let [length, high] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const value = values[text.charCodeAt(at)];
    if (value < BASE) {
      bytes[length++] = high + value;
      high = 0;
    } else {
      high = (value - BASE + 1) * BASE;
    }
  }
  return bytes.subarray(0, length);
}

// Reads and edits WebAssembly files: https://webassembly.github.io/spec/core/binary/modules.html.
import { createHash } from "node:crypto";

const [TYPE_IMPORT, TYPE_EXPORT, TYPE_CODE, TYPE_CUSTOM] = [2, 7, 10, 0];

/** Steps through bytes. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** LEB128. */
  number() {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = this.byte();
      value += (byte & 127) * weight;
      if (byte < 128) return value;
    }
  }

  take(length) {
    return this.bytes.subarray(this.at, (this.at += length));
  }

  text() {
    return this.take(this.number()).toString();
  }

  isOver() {
    return this.at >= this.bytes.length;
  }
}

function* sections(bytes) {
  const reader = new Reader(bytes, 8);
  while (!reader.isOver()) yield { id: reader.byte(), content: reader.take(reader.number()) };
}

function number(value) {
  const bytes = [];
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0));
    value = Math.floor(value / 128);
  } while (value);
  return Buffer.from(bytes);
}

const text = (value) => Buffer.concat([number(Buffer.byteLength(value)), Buffer.from(value)]);

/**
 * The same module with short names for what wasm-bindgen's glue alone calls, and what each was called. The glue's own name becomes this build's: the
 * engine then refuses the wasm of another build, in which the same short names mean something else.
 */
export function shortNames(bytes, glue) {
  const names = new Map([[glue, createHash("sha256").update(bytes).digest("base64url").slice(0, 8)]]);
  const short = (name) => {
    if (!/^(?:__wbg|__wbindgen|wasm_bindgen)_/.test(name)) return name;
    if (!names.has(name)) names.set(name, `$${names.size.toString(36)}`);
    return names.get(name);
  };
  const edit = {
    [TYPE_IMPORT](reader) {
      const count = reader.number();
      const imports = [number(count)];
      for (let n = 0; n < count; n++) {
        const module = reader.text();
        imports.push(text(names.get(module) ?? module), text(short(reader.text())));
        const start = reader.at;
        if (reader.byte() !== 0) throw new Error("wasm-bindgen imports functions only");
        reader.number();
        imports.push(reader.bytes.subarray(start, reader.at));
      }
      return imports;
    },
    [TYPE_EXPORT](reader) {
      const count = reader.number();
      const exports = [number(count)];
      for (let n = 0; n < count; n++) {
        exports.push(text(short(reader.text())));
        const start = reader.at++;
        reader.number();
        exports.push(reader.bytes.subarray(start, reader.at));
      }
      return exports;
    },
  };
  const edited = [bytes.subarray(0, 8)];
  for (const { id, content } of sections(bytes)) {
    const changed = edit[id] ? Buffer.concat(edit[id](new Reader(content))) : content;
    edited.push(Buffer.from([id]), number(changed.length), changed);
  }
  return { bytes: Buffer.concat(edited), names };
}

/** Name and bytes of every function of a wasm file that has names. */
export function functionSizes(bytes) {
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(({ kind }) => kind === "function").length;
  const [sizes, names] = [[], new Map()];
  for (const { id, content } of sections(bytes)) {
    const reader = new Reader(content);
    if (id === TYPE_CODE) {
      for (let count = reader.number(); count > 0; count--) sizes.push(reader.take(reader.number()).length);
    } else if (id === TYPE_CUSTOM && reader.text() === "name") {
      while (!reader.isOver()) {
        const kind = reader.byte();
        const list = new Reader(reader.take(reader.number()));
        // 1: the names of functions.
        for (let count = kind === 1 ? list.number() : 0; count > 0; count--) names.set(list.number(), list.text());
      }
    }
  }
  return sizes.map((size, index) => [names.get(imported + index) ?? "", size]);
}

// Reads and edits WebAssembly files: https://webassembly.github.io/spec/core/binary/modules.html.
import { createHash } from "node:crypto";

const [TYPE_IMPORT, TYPE_EXPORT, TYPE_CODE, TYPE_CUSTOM] = [2, 7, 10, 0];
const NAMES_OF_FUNCTIONS = 1;

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

const section = (id, content) => Buffer.concat([Buffer.from([id]), number(content.length), content]);
const isOfNames = ({ id, content }) => id === TYPE_CUSTOM && new Reader(content).text() === "name";
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
  const edited = Array.from(sections(bytes), ({ id, content }) => section(id, edit[id] ? Buffer.concat(edit[id](new Reader(content))) : content));
  return { bytes: Buffer.concat([bytes.subarray(0, 8), ...edited]), names };
}

/**
 * The same module with other names of functions: each is its place in an order that has functions beside those they are like. Compression then looks
 * for what is alike over shorter distances. Imports are called what they are, as in the glue.
 */
export function nameByLikeness(bytes) {
  const names = importedFunctions(bytes);
  const first = names.length;
  byLikeness(functionBodies(bytes)).forEach((index, place) => {
    names[first + index] = String(place).padStart(6, "0");
  });
  const functions = Buffer.concat([number(names.length), ...names.map((name, index) => Buffer.concat([number(index), text(name)]))]);
  const named = Buffer.concat([text("name"), Buffer.from([NAMES_OF_FUNCTIONS]), number(functions.length), functions]);
  const others = [...sections(bytes)].filter((section) => !isOfNames(section));
  return Buffer.concat([bytes.subarray(0, 8), ...others.map(({ id, content }) => section(id, content)), section(TYPE_CUSTOM, named)]);
}

/** From the shortest on, after each the one of the others whose runs of four bytes it has the largest part of. */
function byLikeness(bodies) {
  const runs = bodies.map((body) => {
    const found = new Set();
    for (let at = 0; at + 4 <= body.length; at++) found.add(body.readUInt32LE(at));
    return found;
  });
  const owners = new Map();
  runs.forEach((found, index) => {
    for (const run of found) owners.set(run, [...(owners.get(run) ?? []), index]);
  });
  const rest = new Set(bodies.keys());
  const order = [];
  let next = bodies.reduce((least, body, index) => (body.length < bodies[least].length ? index : least), 0);
  while (rest.delete(next)) {
    order.push(next);
    const shared = new Float64Array(bodies.length);
    for (const run of runs[next]) for (const index of owners.get(run)) shared[index] += 1 / (runs[index].size + 1);
    for (const index of rest) if (!rest.has(next) || shared[index] > shared[next]) next = index;
  }
  return order;
}

function importedFunctions(bytes) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  return imports.filter(({ kind }) => kind === "function").map(({ name }) => name);
}

function functionBodies(bytes) {
  const [{ content }] = [...sections(bytes)].filter(({ id }) => id === TYPE_CODE);
  const reader = new Reader(content);
  return Array.from({ length: reader.number() }, () => reader.take(reader.number()));
}

/** Name and bytes of every function of a wasm file that has names. */
export function functionSizes(bytes) {
  const names = new Map();
  for (const { content } of [...sections(bytes)].filter(isOfNames)) {
    const reader = new Reader(content);
    reader.text();
    while (!reader.isOver()) {
      const kind = reader.byte();
      const list = new Reader(reader.take(reader.number()));
      for (let count = kind === NAMES_OF_FUNCTIONS ? list.number() : 0; count > 0; count--) names.set(list.number(), list.text());
    }
  }
  const imported = importedFunctions(bytes).length;
  return functionBodies(bytes).map((body, index) => [names.get(imported + index) ?? "", body.length]);
}

// The challenge functions: what they take and give is made here, the rules are in the wasm.
import { createAuthError } from "./errors.js";
import { memory, mustBeLoaded } from "./load.js";
import {
  formatChallenge as formatChallengeOf,
  getClaimsChallenge as getClaimsChallengeOf,
  getDemands as getDemandsOf,
  mergeClaims as mergeClaimsOf,
  readLine,
  roomForLines,
} from "./wasm/countersign.js";

// `Piece` and `Kind` of src/protocol/challenge/piece.rs.
const WORDS = 3;
const SCHEME = 0;
const TOKEN68 = 1;
const NAME = 2;
const CAPITAL_NAME = 3;
const VALUE = 4;
const SOUND = 6;
const REFUSED = 7;

/** The longest line for which there is room all the time. */
const MOST_KEPT = 4096;
let roomFor = 0;
let room;
let bytes;
let words;

export function parseChallenges(input, options) {
  mustBeLoaded();
  const isStrict = options?.strict === true;
  const challenges = [];
  let number = 0;
  for (const line of lines(input)) {
    const first = challenges.length;
    const refused = read(line, challenges);
    if (refused >= 0) {
      if (isStrict) throw createAuthError("malformed_challenge", `${number}:${refused}`);
      for (const challenge of challenges.slice(first)) challenge.recovered = true;
    }
    number += 1;
  }
  return challenges;
}

export function getDemands(status, input) {
  mustBeLoaded();
  return getDemandsOf(status, lines(input));
}

export function getClaimsChallenge(input) {
  mustBeLoaded();
  return getClaimsChallengeOf(lines(input)) ?? null;
}

export function mergeClaims(claims, clientCapabilities) {
  mustBeLoaded();
  return mergeClaimsOf({ claims, clientCapabilities });
}

export function formatChallenge(challenge) {
  mustBeLoaded();
  return formatChallengeOf(challenge);
}

/** The field lines of anything that can hold a WWW-Authenticate field. What is no text among them, a hole say, is no line. */
function lines(input) {
  if (typeof input === "string") return [input];
  if (input === null || input === undefined) return [];
  const list = Array.isArray(input) ? input : [fieldOf(input.headers ?? input)];
  return list.filter((line) => typeof line === "string");
}

function fieldOf(headers) {
  if (typeof headers.get !== "function") throw createAuthError("invalid_option", "input");
  return headers.get("www-authenticate");
}

/** Adds the challenges of a line. Returns where the grammar refuses it, or -1. */
function read(line, challenges) {
  const { length } = line;
  if (length > roomFor || roomFor > MOST_KEPT) {
    roomFor = Math.max(length, MOST_KEPT);
    room = roomForLines(roomFor);
  }
  look();
  let units = 0;
  for (let n = 0; n < length; n++) {
    const unit = line.charCodeAt(n);
    units |= unit;
    bytes[room + n] = unit;
  }
  const text = units < 128 ? line : beyondAscii(line);
  let at = readLine(length) / 4;
  look();
  for (let challenge; ; at += WORDS) {
    const kind = words[at];
    if (kind === SCHEME) {
      // No prototype: a parameter may be called `__proto__`.
      challenge = { scheme: cut(text, at), token68: null, params: Object.create(null), recovered: false };
      challenges.push(challenge);
    } else if (kind === NAME || kind === CAPITAL_NAME) {
      let name = cut(text, at);
      if (kind === CAPITAL_NAME) name = name.toLowerCase();
      at += WORDS;
      let value = cut(text, at);
      while (words[at + WORDS] === VALUE) {
        at += WORDS;
        value += cut(text, at);
      }
      challenge.params[name] = value;
    } else if (kind === TOKEN68) {
      challenge.token68 = cut(text, at);
    } else if (kind === SOUND) {
      return -1;
    } else if (kind === REFUSED) {
      return words[at + 1];
    }
  }
}

/** Writes a line of more than ASCII again, and returns its text: half of a surrogate pair becomes what it would in UTF-8. */
function beyondAscii(line) {
  // One byte for each code unit, so that pieces are where they are in the line; to the grammar all that is not ASCII is alike.
  for (let n = 0; n < line.length; n++) bytes[room + n] = Math.min(line.charCodeAt(n), 128);
  return line.replace(/[\ud800-\udfff]/gu, "\ufffd");
}

/** The memory of the wasm moves when it grows. */
function look() {
  if (bytes?.length) return;
  bytes = new Uint8Array(memory.buffer);
  words = new Uint32Array(memory.buffer);
}

function cut(text, at) {
  return text.slice(words[at + 1], words[at + 2]);
}

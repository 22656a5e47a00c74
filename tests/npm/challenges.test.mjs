// The challenge functions of the built package: the vectors that the Rust tests read, and what only JavaScript can get wrong.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loaded, pkg, plain } from "./support.mjs";

const { ClientConfigurationError, formatChallenge, getClaimsChallenge, getDemands, mergeClaims, parseChallenges } = await loaded();
const vectors = JSON.parse(readFileSync(new URL("../vectors/challenges.json", import.meta.url), "utf8"));

const refused = (errorCode, about) => (error) => {
  assert.ok(error instanceof ClientConfigurationError);
  assert.equal(error.errorCode, errorCode);
  assert.ok(error.errorMessage.includes(about), error.errorMessage);
  return true;
};

test("every vector is read strictly as it says", () => {
  assert.ok(vectors.length >= 150);
  for (const { id, headers, strict, refused_at } of vectors) {
    if (strict) {
      const expected = strict.map((challenge) => ({ ...challenge, recovered: false }));
      assert.deepEqual(plain(parseChallenges(headers, { strict: true })), expected, id);
    } else {
      assert.throws(
        () => parseChallenges(headers, { strict: true }),
        ({ errorCode, line, position }) => {
          assert.deepEqual([errorCode, line, position], ["malformed_challenge", ...refused_at], id);
          return true;
        },
      );
    }
  }
});

test("every vector is read tolerantly as it says", () => {
  for (const { id, headers, strict, tolerant } of vectors) {
    const expected = (tolerant ?? strict).map((challenge) => ({ token68: null, params: {}, recovered: false, ...challenge }));
    assert.deepEqual(plain(parseChallenges(headers)), expected, id);
  }
});

test("every vector gives the claims and demands it says", () => {
  const kinds = new Set();
  for (const { id, headers, claims, demands, status = 401 } of vectors) {
    if (claims !== undefined) assert.equal(getClaimsChallenge(headers), claims, id);
    if (demands !== undefined) assert.deepEqual(getDemands(status, headers), demands, id);
    for (const { kind } of getDemands(status, headers)) kinds.add(kind);
  }
  assert.deepEqual([...kinds].sort(), [
    "claims",
    "claims_refused",
    "dpop_nonce",
    "invalid_token",
    "resource_metadata",
    "scope",
    "step_up",
    "token_required",
  ]);
});

test("every challenge of every vector that has parameters is formatted and read back the same", () => {
  let formatted = 0;
  for (const { id, headers } of vectors) {
    for (const challenge of parseChallenges(headers)) {
      if (challenge.token68 !== null) continue;
      const text = formatChallenge(challenge);
      assert.deepEqual(parseChallenges(text, { strict: true }), [{ ...challenge, recovered: false }], `${id}: ${text}`);
      formatted += 1;
    }
  }
  assert.ok(formatted > vectors.length / 2, `${formatted}`);
});

test("the declared reasons for refusing claims are those that there are", () => {
  const reasons = new Set(vectors.flatMap(({ headers }) => getDemands(401, headers).map(({ reason }) => reason)));
  const tooLong = `Bearer error=insufficient_claims, claims=${btoa(JSON.stringify({ a: "x".repeat(1 << 16) }))}`;
  assert.deepEqual(getDemands(401, tooLong), [{ kind: "claims_refused", error: "insufficient_claims", reason: "too_long" }]);
  reasons.add("too_long").delete(undefined);
  const [, union] = readFileSync(pkg("challenges.d.ts"), "utf8").match(/export type ClaimsRefusal =([\s\S]*?);/);
  assert.deepEqual(
    [...union.matchAll(/"(\w+)"/g)].map(([, reason]) => reason),
    [...reasons].sort(),
  );
});

test("challenges are read from whatever holds them", () => {
  const line =
    'Bearer realm="", authorization_uri="https://login.example.com/authorize", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX19"';
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  class MyHeaders extends Headers {}
  for (const input of [
    line,
    [line],
    ["Basic realm=x", line],
    new Headers({ "WWW-Authenticate": line }),
    new MyHeaders([["www-authenticate", line]]),
    new Response("", { status: 401, headers: { "www-authenticate": line } }),
  ]) {
    assert.equal(getClaimsChallenge(input), claims);
    assert.equal(parseChallenges(input).at(-1).params.authorization_uri, "https://login.example.com/authorize");
    assert.deepEqual(getDemands(401, input), [{ kind: "claims", claims, error: "insufficient_claims" }]);
  }
  const twice = new Headers();
  twice.append("WWW-Authenticate", "Negotiate");
  twice.append("WWW-Authenticate", line);
  assert.equal(getClaimsChallenge(twice), claims);
});

test("an input without a line has no challenge", () => {
  for (const nothing of [null, undefined, "", " ", [], [""], new Headers(), new Response("", { status: 401 }), Response.error()]) {
    assert.deepEqual([parseChallenges(nothing), getClaimsChallenge(nothing), getDemands(401, nothing)], [[], null, []]);
    assert.deepEqual(parseChallenges(nothing, { strict: true }), []);
  }
});

test("what is no text in a list of lines, a hole or a missing field, is no line", () => {
  const lines = new Array(3);
  lines[1] = "Bearer";
  for (const input of [
    lines,
    [undefined, "Bearer"],
    [null, "Bearer", 401, {}, Symbol("x"), ["Basic"]],
    { get: () => undefined },
    { get: () => null },
  ]) {
    const schemes = parseChallenges(input).map(({ scheme }) => scheme);
    assert.deepEqual(schemes, Array.isArray(input) ? ["Bearer"] : []);
    assert.deepEqual(getDemands(401, input), Array.isArray(input) ? [{ kind: "token_required" }] : []);
  }
});

test("an input of another kind is invalid_option, and says so", () => {
  for (const input of [401, true, {}, { "www-authenticate": "Bearer" }, () => "Bearer", Symbol("Bearer"), { headers: {} }]) {
    for (const read of [parseChallenges, getClaimsChallenge, (input) => getDemands(401, input)]) {
      assert.throws(() => read(input), refused("invalid_option", "input"));
    }
  }
});

test("any text is read without an exception, and no prototype is touched", () => {
  const texts = [
    "\0",
    "\ud800",
    "Bearer \udc00=1",
    "Bearer \u{1f511}",
    `Bearer a="\ud83d`,
    "__proto__",
    "a".repeat(1 << 18),
    '"'.repeat(1 << 16),
  ];
  for (const text of texts) {
    assert.ok(Array.isArray(parseChallenges([text, "Bearer"])) && Array.isArray(getDemands(401, text)));
    assert.equal(parseChallenges([text, "Bearer"]).at(-1).scheme, "Bearer");
  }
  const [{ params }] = parseChallenges('Bearer __proto__="x", constructor=y, toString="z"');
  assert.equal(Object.getPrototypeOf(params), null);
  assert.deepEqual(Object.entries(params), [
    ["__proto__", "x"],
    ["constructor", "y"],
    ["tostring", "z"],
  ]);
  assert.equal({}.x, undefined);
  assert.equal(Object.getPrototypeOf({}), Object.prototype);
});

test("a challenge is an ordinary object, and its parameters are properties like any other", () => {
  const line = 'Negotiate YII=, Bearer Realm="a\\"b", x="", 1=2';
  const [negotiate, bearer] = parseChallenges(line);
  assert.deepEqual(Object.entries(negotiate), [
    ["scheme", "Negotiate"],
    ["token68", "YII="],
    ["params", negotiate.params],
    ["recovered", false],
  ]);
  assert.deepEqual(Object.keys(bearer), Object.keys(negotiate));
  assert.equal(Object.getPrototypeOf(bearer), Object.prototype);
  for (const object of [negotiate, bearer, bearer.params]) {
    for (const { writable, enumerable, configurable } of Object.values(Object.getOwnPropertyDescriptors(object))) {
      assert.deepEqual([writable, enumerable, configurable], [true, true, true]);
    }
  }
  assert.deepEqual({ ...bearer.params }, { realm: 'a"b', x: "", 1: "2" });
  bearer.scheme = "x";
  assert.equal(parseChallenges(line)[1].scheme, "Bearer");
});

test("text beyond ASCII comes whole, places count UTF-16 code units, and half of a surrogate pair becomes U+FFFD", () => {
  const value = 'é\u0100\u{1f511}\u2028\ufeff"\\';
  const written = value.replaceAll(/["\\]/g, "\\$&");
  assert.equal(parseChallenges(`A b="${written}", c="\\é\\\u{1f511}"`)[0].params.b, value);
  assert.equal(parseChallenges(`A b="${written}", c="\\é\\\u{1f511}"`)[0].params.c, "é\u{1f511}");
  assert.equal(parseChallenges(`A b=\u{1f511}`)[0].params.b, "\u{1f511}");
  const refusal = { errorCode: "malformed_challenge", line: 1, position: 11 };
  assert.throws(() => parseChallenges(["A", 'A b="\u{1f511}é", @'], { strict: true }), refusal);
  const halves = parseChallenges('A b="\ud83d", c="\udd11\ud83d", d="\ud83d\\\udd11", \ud83d')[0];
  assert.deepEqual({ ...halves.params }, { b: "\ufffd", c: "\ufffd\ufffd", d: "\ufffd\ufffd" });
  assert.equal(halves.recovered, true);
});

test("only the lines that are refused are recovered", () => {
  const recovered = parseChallenges(["A b=c, D e=f", "G h=, i=j, K l=m", "", "N o=p"]).map(({ scheme, recovered }) => scheme + recovered);
  assert.deepEqual(recovered, ["Afalse", "Dfalse", "Gtrue", "Ktrue", "Nfalse"]);
});

test("a line may be longer than what there was memory for, and so may its pieces", () => {
  const length = 1 << 23;
  const value = "x".repeat(length);
  for (const line of [`A b="${value}", c=d`, `A b=${value}, c=d`, "A b=c"]) {
    const [{ scheme, params }] = parseChallenges(line);
    assert.deepEqual([scheme, params.b.length, params.c], line.length > length ? ["A", length, "d"] : ["A", 1, undefined]);
  }
  const many = parseChallenges("A b=c, ".repeat(1 << 17));
  assert.equal(many.length, 1 << 17);
  assert.ok(many.every(({ scheme, params, recovered }) => scheme === "A" && params.b === "c" && !recovered));
  const [{ params }] = parseChallenges(`A b="${"\\x".repeat(1 << 18)}"`);
  assert.equal(params.b, "x".repeat(1 << 18));
  assert.deepEqual({ ...parseChallenges("A b=c")[0].params }, { b: "c" });
});

test("any status but 401 and 403 demands nothing, whatever number it is", () => {
  const line = 'Bearer error="invalid_token"';
  assert.deepEqual([getDemands(401, line), getDemands(403, line)], [[{ kind: "invalid_token" }], [{ kind: "invalid_token" }]]);
  for (const status of [0, 200, 400, 407, 500, -401, 65536 + 401, 2 ** 32 + 401, Number.NaN, Number.POSITIVE_INFINITY, undefined]) {
    assert.deepEqual(getDemands(status, line), [], `${status}`);
  }
});

test("a max_age too large for an exact number is a number all the same", () => {
  const line = "Bearer error=insufficient_user_authentication, max_age=18446744073709551615";
  assert.deepEqual(getDemands(401, line), [{ kind: "step_up", acrValues: [], maxAge: 2 ** 64 }]);
});

test("claims and capabilities are merged, and anything else is refused by its name", () => {
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  assert.equal(mergeClaims(claims, ["CP1"]), '{"access_token":{"acrs":{"essential":true,"value":"c1"},"xms_cc":{"values":["CP1"]}}}');
  for (const none of [null, undefined, ""]) assert.equal(mergeClaims(none, ["CP1"]), '{"access_token":{"xms_cc":{"values":["CP1"]}}}');
  for (const none of [null, undefined, []]) assert.equal(mergeClaims(claims, none), claims);
  for (const wrong of ["[]", "x", "null", "1"]) assert.throws(() => mergeClaims(wrong, []), refused("invalid_claims", "claims"));
  for (const wrong of [1, {}, [claims]]) assert.throws(() => mergeClaims(wrong, []), refused("invalid_option", "claims"));
  for (const wrong of ["CP1", 1, {}, [1], ["CP1", undefined], new Array(1)]) {
    assert.throws(() => mergeClaims(claims, wrong), refused("invalid_option", "clientCapabilities"));
  }
});

test("a challenge is formatted from a plain object, quoted where the grammar needs it", () => {
  assert.equal(
    formatChallenge({ scheme: "Bearer", params: { realm: "o", Error: "invalid_token", scope: "a b", x: "", d: '"\\' } }),
    'Bearer realm="o", error=invalid_token, scope="a b", x="", d="\\"\\\\"',
  );
  assert.equal(formatChallenge({ scheme: "Negotiate", params: {} }), "Negotiate");
  const own = JSON.parse('{"__proto__":"x"}');
  for (const prototype of [Object.prototype, null]) {
    assert.equal(formatChallenge({ scheme: "A", params: Object.setPrototypeOf(own, prototype) }), "A __proto__=x");
  }
});

test("what no field can hold is not formatted, and the error names it", () => {
  const format = (params, scheme = "Bearer") => formatChallenge({ scheme, params });
  for (const scheme of ["", "Bea rer", "Bearer\r\nX: y", "Bérer", 7, null, undefined]) {
    assert.throws(() => formatChallenge({ scheme, params: {} }), refused("invalid_option", "challenge.scheme"));
  }
  for (const value of ["\r\nSet-Cookie: a=b", "\0", "\x7f", "\ud83d", "a\udc00", 0, null, undefined, {}, ["x"]]) {
    assert.throws(() => format({ ok: "v", realm: value }), refused("invalid_option", "challenge.params.realm "));
  }
  for (const name of ["", "a b", "é", 'a"', "a\n", "$& "]) {
    assert.throws(() => format({ [name]: "v" }), refused("invalid_option", `challenge.params.${name} `));
  }
  assert.throws(() => format({ a: "1", A: "2" }), refused("invalid_option", "challenge.params.A "));
  for (const params of ["a=b", ["a"], 7]) assert.throws(() => format(params), refused("invalid_option", "challenge.params "));
  for (const nothing of [null, undefined, "Bearer", 7])
    assert.throws(() => formatChallenge(nothing), refused("invalid_option", "challenge.scheme"));
  assert.throws(() => formatChallenge(parseChallenges("Negotiate YII=")[0]), refused("invalid_option", "challenge.token68"));
});

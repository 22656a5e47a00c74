// What makes a result unchangeable. It is a snippet of the wasm's, so the source is tested.
import assert from "node:assert/strict";
import { test } from "node:test";
import { frozen } from "../../pkg-template/page.js";

const result = () => {
  const idTokenClaims = { roles: ["reader"], address: { country: "CH" }, none: null };
  const tenantProfiles = new Map([["t", { tenantId: "t" }]]);
  return { scopes: ["s"], expiresOn: new Date(1), idTokenClaims, account: { idTokenClaims, tenantProfiles } };
};

test("nothing that is in a result can be changed, however deep", () => {
  const { scopes, idTokenClaims, account } = frozen(result());
  for (const change of [
    () => scopes.push("more"),
    () => idTokenClaims.roles.push("admin"),
    () => (idTokenClaims.address.country = "XX"),
    () => (account.idTokenClaims = {}),
    () => (account.tenantProfiles.get("t").tenantId = "other"),
    () => (account.more = 1),
  ]) {
    assert.throws(change, TypeError);
  }
});

test("a date and a map are each caller's own, and a copy has them as they were", () => {
  const shown = frozen(result());
  shown.expiresOn.setTime(0);
  shown.account.tenantProfiles.clear();
  assert.deepEqual([shown.expiresOn.getTime(), shown.account.tenantProfiles.size], [1, 1]);
  assert.deepEqual(structuredClone(shown), result());
  assert.deepEqual({ ...shown }.expiresOn, new Date(1));
});

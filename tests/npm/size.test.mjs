// What an app's users download does not grow unnoticed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compiler, snapshot, together } from "../bench/size.mjs";

const committed = readFileSync(new URL("../size.snap", import.meta.url), "utf8");

test("the download is at most 1 % larger than tests/size.snap says, or another compiler has made it", async (context) => {
  if (!committed.startsWith(`${compiler()}\n`)) return context.diagnostic(`tests/size.snap is of ${committed.split("\n")[0]}`);
  const now = await snapshot();
  assert.ok(together(now) <= together(committed) * 1.01, `make size writes tests/size.snap, which is committed with what made it grow:\n${now}`);
});

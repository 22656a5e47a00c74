// The demo page, as a person uses it: both switches, both interactions, and the timeline that shows every step.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

// As `make demo` runs it: the provider cuts its openers off.
const world = stage({ coop: true });

async function home() {
  const page = await world.context.newPage();
  await page.goto(world.demo.app);
  await page.waitForSelector("#sign-in-popup:enabled");
  return page;
}

/** Presses a button that opens a window; `user` acts there. */
async function inWindow(page, button, user) {
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.click(button)]);
  await popup.click(user);
}

async function signedIn(page, button = "#sign-in-popup") {
  if (button === "#sign-in-popup") {
    await inWindow(page, button, "#user-alex");
  } else {
    await page.click(button);
    await page.click("#user-alex");
  }
  await page.waitForSelector("#call-api:enabled");
  await page.waitForFunction(() => document.getElementById("who").textContent.includes("alex@contoso.example"));
}

/** The steps on the page once the last one is there. */
async function steps(page, last = "done") {
  await page.waitForSelector(`#timeline > li:last-child[data-step="${last}"]`);
  return page.$$eval("#timeline > li", (items) => items.map((item) => item.dataset.step));
}

for (const how of ["popup", "redirect"]) {
  test(`signing in by ${how} shows who, the scopes and the time left, never the token`, async () => {
    const page = await home();
    await signedIn(page, `#sign-in-${how}`);
    assert.match(await page.textContent("#scopes"), /orders\.read/);
    await page.waitForFunction(() => /\d/.test(document.getElementById("expires").textContent));
    assert.ok(!/ey[\w-]{20,}\./.test(await page.content()), "no token on the page");
    assert.ok(
      !/ey[\w-]{20,}\.ey/.test(
        await page.evaluate(() => JSON.stringify(Object.entries(sessionStorage).filter(([key]) => key.startsWith("demo.")))),
      ),
    );
  });
}

test("calling the API succeeds, and the timeline says so", async () => {
  const page = await home();
  await signedIn(page);
  await page.click("#call-api");
  assert.deepEqual((await steps(page)).slice(-3), ["request", "response", "done"]);
  assert.equal(world.apiRequests().at(-1).status, 200);
});

test("a revoked session is answered without the user, step by step", async () => {
  const page = await home();
  await signedIn(page);
  const revoked = page.waitForResponse((response) => response.url().endsWith("/control/revoke"));
  await page.click("#revoke");
  await revoked;
  await page.click("#call-api");
  assert.deepEqual((await steps(page)).slice(-7), ["request", "response", "challenge", "silent", "replay", "response", "done"]);
  assert.deepEqual(
    world.apiRequests().map(({ status }) => status),
    [401, 200],
  );
  assert.equal(world.providerRequests("authorize").length, 1);
});

test("a demand for stronger sign-in by popup is answered with the user, step by step", async () => {
  const page = await home();
  await signedIn(page);
  const switched = page.waitForResponse((response) => response.url().includes("/control/stronger"));
  await page.click("label:has(#stronger)");
  await switched;
  await inWindow(page, "#place-order", "#confirm");
  assert.deepEqual((await steps(page)).slice(-8), ["request", "response", "challenge", "silent", "popup", "replay", "response", "done"]);
  assert.deepEqual(
    world.apiRequests().map(({ method, status }) => [method, status]),
    [
      ["POST", 401],
      ["POST", 201],
    ],
  );
});

test("a demand for stronger sign-in by redirect is answered with the user, across the navigation", async () => {
  const page = await home();
  await page.selectOption("#interaction", "redirect");
  await page.waitForSelector("#sign-in-redirect:enabled");
  await signedIn(page, "#sign-in-redirect");
  const switched = page.waitForResponse((response) => response.url().includes("/control/stronger"));
  await page.click("label:has(#stronger)");
  await switched;
  await page.click("#call-api");
  await page.click("#confirm");
  assert.deepEqual((await steps(page)).slice(-8), ["request", "response", "challenge", "silent", "redirect", "replay", "response", "done"]);
  assert.deepEqual(
    world.apiRequests().map(({ status }) => status),
    [401, 200],
  );
});

test("declining the stronger sign-in is said plainly, and the user stays signed in", async () => {
  const page = await home();
  await signedIn(page);
  const switched = page.waitForResponse((response) => response.url().includes("/control/stronger"));
  await page.click("label:has(#stronger)");
  await switched;
  await inWindow(page, "#call-api", "#cancel");
  await steps(page, "error");
  assert.match(await page.textContent("#result"), /user_cancelled/);
  assert.match(await page.textContent("#who"), /alex@contoso\.example/);
});

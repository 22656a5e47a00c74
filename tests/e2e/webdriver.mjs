// WebKit's MiniBrowser, driven by the W3C's WebDriver protocol (https://www.w3.org/TR/webdriver2/): Playwright has no driver for Debian's build.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Starts the driver and one browser. The driver allows one session; `fresh()` ends it and starts the next, with nothing stored. */
export async function launchWebKit() {
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${port}`], { stdio: "ignore" });
  const browser = new WebKit(`http://127.0.0.1:${port}`, driver);
  await browser.ready();
  return browser;
}

class WebKit {
  #base;
  #driver;
  #session = null;

  constructor(base, driver) {
    this.#base = base;
    this.#driver = driver;
  }

  /** Resolves once the driver listens. */
  async ready() {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#send("GET", "/status");
      } catch (error) {
        if (attempt === 100 || this.#driver.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async fresh() {
    await this.#end();
    // Debian keeps it in a folder named by the processor.
    const binary = readdirSync("/usr/lib")
      .map((folder) => `/usr/lib/${folder}/webkit2gtk-4.1/MiniBrowser`)
      .find(existsSync);
    const options = { binary, args: ["--automation"] };
    const capabilities = { alwaysMatch: { browserName: "MiniBrowser", "webkitgtk:browserOptions": options, timeouts: { script: 15_000 } } };
    const { sessionId } = await this.#send("POST", "/session", { capabilities });
    this.#session = `/session/${sessionId}`;
  }

  async close() {
    await this.#end();
    const over = once(this.#driver, "exit");
    this.#driver.kill();
    await over;
  }

  goto(url) {
    return this.#command("POST", "/url", { url });
  }

  url() {
    return this.#command("GET", "/url");
  }

  /** Runs an async function in the page. */
  evaluate(body, ...args) {
    const script = `const done = arguments[arguments.length - 1];
      (${body})(...Array.from(arguments).slice(0, -1)).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    return this.#command("POST", "/execute/async", { script, args }).then(({ value, error }) => {
      if (error) throw new Error(error);
      return value;
    });
  }

  /** A real click, once the element is there. */
  async click(selector) {
    const element = await this.until(() => this.#command("POST", "/element", { using: "css selector", value: selector }), `there is a ${selector}`);
    await this.#command("POST", `/element/${element[ELEMENT]}/click`, {});
  }

  windows() {
    return this.#command("GET", "/window/handles");
  }

  switchTo(handle) {
    return this.#command("POST", "/window", { handle });
  }

  /** Asks again until the answer is one, or the test fails. */
  async until(ask, what) {
    const end = Date.now() + 15_000;
    for (;;) {
      const [answer, error] = await ask().then(
        (answer) => [answer],
        (error) => [null, error],
      );
      if (answer) return answer;
      if (Date.now() > end) throw new Error(`It did not come true that ${what}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #command(method, path, body) {
    return this.#send(method, this.#session + path, body);
  }

  async #send(method, path, body) {
    const response = await fetch(this.#base + path, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  async #end() {
    if (this.#session) await this.#command("DELETE", "").catch(() => {});
    this.#session = null;
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

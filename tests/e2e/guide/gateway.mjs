// An API gateway before the demo's API: Microsoft Graph's paths and GraphQL's envelope, which clients of those insist on. It passes requests and
// refusals on as they are, and lets pages send whatever headers a client adds.
import { listen, close, sendJson } from "../../../www/wire.mjs";

const PASSED_ON = ["authorization", "content-type", "origin"];
const PASSED_BACK = ["www-authenticate", "access-control-allow-origin", "access-control-expose-headers"];

const pick = (names, get) => Object.fromEntries(names.map((name) => [name, get(name)]).filter(([, value]) => value));

/** `api` says where the demo's API is, once there is one. */
export async function startGateway(api) {
  const server = await listen(0);
  /** Names of the headers that pages asked leave to send. */
  const preflights = [];
  let held = null;

  async function answer(req, res) {
    if (req.method === "OPTIONS") {
      const headers = req.headers["access-control-request-headers"] ?? "";
      preflights.push(...headers.split(",").filter(Boolean));
      const allowed = {
        "Access-Control-Allow-Origin": req.headers.origin,
        "Access-Control-Allow-Headers": headers,
        "Access-Control-Max-Age": "0", // Firefox would remember it from one test to the next
      };
      return res.writeHead(204, allowed).end();
    }
    const chunks = await req.toArray();
    if (held) {
      held.arrived();
      await held.released;
    }
    const body = chunks.length ? Buffer.concat(chunks) : undefined;
    const passed = { method: req.method, headers: pick(PASSED_ON, (name) => req.headers[name]), body };
    const response = await fetch(`${api()}/orders`, passed);
    const [content, headers] = [await response.json(), pick(PASSED_BACK, (name) => response.headers.get(name))];
    if (req.url === "/graphql" && response.ok) return sendJson(res, 200, { data: { me: { name: content.user } } }, headers);
    return sendJson(res, response.status, content, headers);
  }

  server.on("request", (req, res) => void answer(req, res).catch(() => res.destroy()));
  return {
    origin: `http://localhost:${server.address().port}`,
    preflights,
    /** Requests wait from now on. `arrived` resolves with the first one. */
    hold() {
      const hold = {};
      const arrived = new Promise((resolve) => (hold.arrived = resolve));
      hold.released = new Promise((resolve) => (hold.release = resolve));
      held = hold;
      const release = () => {
        held = null;
        hold.release();
      };
      return { arrived, release };
    },
    close: () => close(server),
  };
}

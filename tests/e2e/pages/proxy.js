// A service worker that answers each request of its pages with what the network says, as many do. It remembers which, and tells.
const seen = [];
self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.url.endsWith("/seen")) return event.respondWith(new Response(JSON.stringify(seen)));
  seen.push(`${request.method} ${request.url}`);
  return event.respondWith(fetch(request));
});

// A request to the provider's endpoints. No rule is in here; the wasm has them. A wasm-bindgen snippet: it imports nothing.

/** Sends a form, or where there is none asks for what is there. Errors: those of `new Request` and of the page's `fetch`. */
export const request = (url, form, redirect, signal) =>
  fetch(
    new Request(url, {
      method: form === undefined ? "GET" : "POST",
      body: form,
      headers: form === undefined ? {} : { "Content-Type": "application/x-www-form-urlencoded;charset=utf-8" },
      cache: "no-store",
      credentials: "omit",
      redirect,
      signal,
    }),
  );

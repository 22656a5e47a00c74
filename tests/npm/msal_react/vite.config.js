// The page of the app, and the page that a popup comes back to.
export default { build: { target: "es2022", rollupOptions: { input: ["index.html", "redirect.html"] } } };

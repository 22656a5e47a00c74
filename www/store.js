// sessionStorage that may be blocked or full: then nothing is remembered across a page load, and nothing breaks.

export function load(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

export function store(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // As said above.
  }
}

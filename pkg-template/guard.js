/** Calls a function of the app. What it throws must not undo a sign-in; it still reaches the app's error reporting. */
export function guarded(call) {
  try {
    call();
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown;
    });
  }
}

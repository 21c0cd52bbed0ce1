// What Preact calls before it draws, and Chromium 70 and Firefox 68 do not have yet.
self.queueMicrotask ??= (act) => {
  Promise.resolve().then(act);
};

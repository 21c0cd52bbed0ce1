// What the cryptography expects of a browser and Chromium 87 does not have in every shape yet.
(self as { globalThis?: unknown }).globalThis ??= self;
const objects = Object as { hasOwn?: (owner: object, key: PropertyKey) => boolean };
const owns = Object.prototype.hasOwnProperty;
objects.hasOwn ??= (owner, key) => owns.call(owner, key);

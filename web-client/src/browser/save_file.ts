// Hands a file to whoever sits at this browser. It must not know what the file holds.

/** How long the browser may take to read it, in milliseconds. */
const READ_MS = 60_000;

export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  // Some browsers follow only a link that is in the page.
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), READ_MS);
}

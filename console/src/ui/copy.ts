/** Puts a text onto the clipboard; resolves to whether it is there. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text);
  }
}

/** Over plain HTTP, browsers have no `navigator.clipboard`, and a key that is shown once must get out. */
function copyTheOldWay(text: string): boolean {
  const give = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
  document.addEventListener('copy', give, { capture: true, once: true });
  // Nothing else copies outside a secure context.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const isCopied = document.execCommand('copy');
  document.removeEventListener('copy', give, { capture: true });
  return isCopied;
}

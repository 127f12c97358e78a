/** The last part of an address's path that says something, for people. */
export function nameOfAddress(address: string): string {
  const path = address.replace(/[?#].*$/, "").replace(/\/+$/, "");
  return decode(path.slice(path.lastIndexOf("/") + 1)) || address;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

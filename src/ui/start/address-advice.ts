const schemes = new Set(["http:", "https:", "s3:"]);

/** A sentence on what is wrong with an address, before anything is asked for; undefined when it may work. */
export function addressAdvice(address: string, page: string): string | undefined {
  const text = address.trim();
  if (text === "") return undefined;
  if (/^([a-z]:\\|\/\/?[a-z]+\/|~|file:)/i.test(text) && !text.startsWith("//")) return localAdvice(text);
  const url = URL.parse(text, page);
  if (url === null)
    return "This is no address: give the URL of a run's folder, such as https://example.org/runs/my_run.";
  if (!schemes.has(url.protocol)) return `Addresses begin with https://, http:// or s3://, not ${url.protocol}`;
  if (url.protocol === "http:" && new URL(page).protocol === "https:" && !isLoopback(url.hostname)) {
    return "This page is served over https, so the browser will not load http:// data: use an https address, or open this viewer over http.";
  }
  return undefined;
}

function localAdvice(text: string): string | undefined {
  if (text.startsWith("/data/")) return undefined;
  return "A browser cannot read a path on a disk by its name: choose the folder below, drop it on this page, or serve it with `npm start -- DIR`.";
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host.startsWith("127.") || host === "[::1]";
}

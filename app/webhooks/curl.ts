// A request as a command for a shell: what "copy as cURL" puts on the clipboard.

/** Quotes for a POSIX shell: nothing inside is interpreted. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The command that repeats a request, headers and bytes. curl reads brackets and braces of a URL as a pattern unless told. */
export function asCurl(request: {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}): string {
  const headers = Object.entries(request.headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return [
    "curl -X POST --globoff",
    ...headers,
    `--data-binary ${quoted(request.body)}`,
    quoted(request.url),
  ].join(" \\\n  ");
}

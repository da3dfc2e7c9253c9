// Puts every number of a JSON text in quotes, digit for digit. What is no JSON stays none.

/** Objects and lists within each other; Shopify's bodies stay below twenty. */
const MAX_DEPTH = 200;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const OF_NUMBERS = /[\d.eE+-]*/y;
/** A number may not be a key, and must not become one. */
const COLON_NEXT = /[ \t\r\n]*:/y;
const code = (sign: string): number => sign.charCodeAt(0);
const [QUOTE, MINUS, ZERO, NINE, BACKSLASH] = [code('"'), code("-"), code("0"), code("9"), code("\\")];
const OPENS: ReadonlySet<number> = new Set([code("{"), code("[")]);
const CLOSES: ReadonlySet<number> = new Set([code("}"), code("]")]);

/** The text with its numbers quoted: JSON if and only if `text` is. Null where it is nested too deep. */
export function quoteNumbers(text: string): string | null {
  let quoted = "";
  let copied = 0;
  let depth = 0;
  for (let at = 0; at < text.length;) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) {
      at = afterString(text, at);
    } else if (sign === MINUS || (sign >= ZERO && sign <= NINE)) {
      const end = after(OF_NUMBERS, text, at);
      const token = text.slice(at, end);
      if (NUMBER.test(token) && after(COLON_NEXT, text, end) === end) {
        quoted += `${text.slice(copied, at)}"${token}"`;
        copied = end;
      }
      at = end;
    } else {
      if (OPENS.has(sign)) depth += 1;
      else if (CLOSES.has(sign)) depth -= 1;
      if (depth > MAX_DEPTH) return null;
      at += 1;
    }
  }
  return quoted + text.slice(copied);
}

/** The place after the string that begins at `start`; the end of the text where it does not end. */
function afterString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
    // A quote after an even number of backslashes is not escaped.
    if ((end - before) % 2 === 0) return end + 1;
  }
  return text.length;
}

/** The place after what `pattern` finds at `at`; `at` itself where it finds nothing. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

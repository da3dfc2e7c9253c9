// Serves the demo's styles and its browser scripts; those are TypeScript and lose their types on the way out.
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import type { RequestHandler } from "express";

/** Strips types without the notice that Node prints for a function that is still called experimental. */
function withoutTypes(source: string): string {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Answers with the joined files: a style sheet (`.css`) or a browser script (`.ts`), read anew so that an edit shows on reload. */
export function asset(...files: URL[]): RequestHandler {
  const script = files.every((file) => file.pathname.endsWith(".ts"));
  return (_request, response) => {
    const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
    response.type(script ? "text/javascript" : "text/css").set("Cache-Control", "no-cache");
    response.send(script ? withoutTypes(text) : text);
  };
}

// What can go wrong with a request, as a merchant may read it. Nothing here tells what listens at an address.

export const ERROR_WORDS = {
  dns: "The host name could not be resolved.",
  refused_address: "The address of this endpoint is not allowed: it is not on the public internet.",
  connect: "No connection to the endpoint could be made.",
  tls: "The endpoint's TLS connection could not be trusted.",
  "tls:expired": "The endpoint's certificate has expired.",
  "tls:self_signed": "The endpoint's certificate is signed by itself or by an unknown authority.",
  "tls:wrong_host": "The endpoint's certificate is for another host name.",
  timeout: "The endpoint did not finish its answer in time.",
  reset: "The endpoint closed the connection before it had answered.",
  protocol: "The endpoint's answer was not valid HTTP.",
  "protocol:headers": "The endpoint's answer had more headers than we read.",
  status: "The endpoint answered with a status other than 2xx.",
  "status:redirect":
    "The endpoint answered with a redirect. Redirects are not followed; enter the final address.",
} as const;

/** An error class, or a class with what is known more exactly (`tls:expired`). Kept with the attempt. */
export type ErrorCode = keyof typeof ERROR_WORDS;

/** A merchant's sentence for a kept code; codes of older versions read as their class. */
export function explainError(code: string): string {
  if (Object.hasOwn(ERROR_WORDS, code)) return ERROR_WORDS[code as ErrorCode];
  const family = code.split(":")[0] ?? "";
  return Object.hasOwn(ERROR_WORDS, family) ? ERROR_WORDS[family as ErrorCode] : ERROR_WORDS.connect;
}

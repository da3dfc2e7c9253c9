// Sorts what a socket or parser threw into the merchant's error classes.
import { ConnectFailed } from "./connector.server.ts";
import type { ErrorCode } from "./error-class.ts";

const BY_CODE: Readonly<Record<string, ErrorCode>> = {
  CERT_HAS_EXPIRED: "tls:expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls:self_signed",
  SELF_SIGNED_CERT_IN_CHAIN: "tls:self_signed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls:self_signed",
  UNABLE_TO_GET_ISSUER_CERT: "tls:self_signed",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "tls:self_signed",
  ERR_TLS_CERT_ALTNAME_INVALID: "tls:wrong_host",
  CERT_NOT_YET_VALID: "tls",
  EPROTO: "tls",
  ECONNRESET: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
  UND_ERR_CONNECT_TIMEOUT: "connect",
  ECONNREFUSED: "connect",
  EHOSTUNREACH: "connect",
  ENETUNREACH: "connect",
  EADDRNOTAVAIL: "connect",
  ETIMEDOUT: "connect",
  UND_ERR_HEADERS_OVERFLOW: "protocol:headers",
};
const TLS_CODE = /^(ERR_SSL|ERR_TLS|CERT_|CRL_|UNABLE_TO_)/;
const PROTOCOL_CODE = /^(HPE_|UND_ERR_)/;

/** The error's code: `protocol` for whatever a parser refused, `connect` for whatever stopped a connection. */
export function classifyError(thrown: unknown): ErrorCode {
  const connecting = thrown instanceof ConnectFailed;
  const error = connecting ? thrown.cause : thrown;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  const known = BY_CODE[code];
  if (known !== undefined) return known === "reset" && connecting ? "connect" : known;
  if (TLS_CODE.test(code)) return "tls";
  if (connecting) return "connect";
  // undici's parser errors often carry no code.
  const parsing = error instanceof Error && error.name === "HTTPParserError";
  return parsing || PROTOCOL_CODE.test(code) ? "protocol" : "reset";
}

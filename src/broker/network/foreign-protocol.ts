// A guess at who is talking when the first bytes of a connection are no Kafka frame: read as a length they are absurd,
// and the usual reason is a client that speaks TLS or HTTP to this port. Only for the log; it decides nothing.

const TLS_HANDSHAKE = 0x16;
const HTTP_METHODS = ['GET ', 'POST', 'PUT ', 'HEAD', 'DELE', 'OPTI', 'PATC', 'CONN', 'PRI '];

/** Null when there is no better explanation than a broken length. */
export function guessProtocol(firstBytes: Buffer): string | null {
  if (firstBytes.length >= 2 && firstBytes[0] === TLS_HANDSHAKE && firstBytes[1] === 3) {
    return 'it began a TLS handshake, but this listener is PLAINTEXT. Set security.protocol=PLAINTEXT (ssl: false) in the client.';
  }
  if (HTTP_METHODS.includes(firstBytes.toString('latin1', 0, 4))) {
    return "it sent an HTTP request, but this port speaks Kafka's protocol. The console and the HTTP API have ports of their own.";
  }
  return null;
}

/** The part of the page's address that names a session. */
export function addressOf(sessionId: string): string {
  return `#/${encodeURIComponent(sessionId)}`;
}

/** The session that the address names; empty: a new chat. */
export function addressedSession(): string {
  const match = /^#\/([A-Za-z0-9._-]{1,128})$/.exec(location.hash);
  return match?.[1] ?? "";
}

/** The part of the page's address that names a session, or a message in it. */
export function addressOf(sessionId: string, messageId = ""): string {
  return `#/${encodeURIComponent(sessionId)}${messageId && `/${encodeURIComponent(messageId)}`}`;
}

/** What the address names; without a session it is a new chat, without a message the newest of it. */
export function addressed(): { sessionId: string; messageId: string } {
  const match = /^#\/([A-Za-z0-9._-]{1,128})(?:\/([A-Za-z0-9._-]{1,128}))?$/.exec(location.hash);
  return { sessionId: match?.[1] ?? "", messageId: match?.[2] ?? "" };
}

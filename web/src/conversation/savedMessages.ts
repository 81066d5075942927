import type { Message } from "../gen/chat/v1/sessions_pb";
import { authenticated, sessions } from "../service/service";

const PAGE_SIZE = 50;

// As many as the service gives at once.
export const LARGE_PAGE = 200;

/** The newest messages of the branch that ends with this one, the oldest of them first. */
export async function readBranch(
  sessionId: string, branchMessageId: string, pageSize: number = PAGE_SIZE,
): Promise<Message[]> {
  const page = await authenticated(
    () => sessions.listMessages({ sessionId, branchMessageId, pageSize, newestFirst: true }));
  return page.messages.reverse();
}

/** The message with which the session's branch ends; empty: it has none. */
export async function readHead(sessionId: string): Promise<string> {
  const { session } = await authenticated(() => sessions.getSession({ sessionId }));
  return session?.headMessageId ?? "";
}

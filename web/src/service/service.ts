import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { ChatService } from "../gen/chat/v1/chat_pb";
import { ModelService } from "../gen/chat/v1/models_pb";
import { SessionService } from "../gen/chat/v1/sessions_pb";
import { ToolService } from "../gen/chat/v1/tools_pb";
import { askForKey, storedKey } from "../keys/keys";
import { transportWith } from "./transport";

const transport = transportWith(storedKey);

export const chat = createClient(ChatService, transport);
export const models = createClient(ModelService, transport);
export const sessions = createClient(SessionService, transport);
export const tools = createClient(ToolService, transport);

/** Makes the call, and makes it again with an API key if the service asks for one and the person has one. */
export async function authenticated<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    const used = storedKey();
    try {
      return await call();
    } catch (error) {
      if (ConnectError.from(error).code !== Code.Unauthenticated) throw error;
      // Another call may have been given a key while this one was under way.
      if (storedKey() === used && !(await askForKey(used !== null))) throw error;
    }
  }
}

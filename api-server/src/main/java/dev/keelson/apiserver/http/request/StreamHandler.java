package dev.keelson.apiserver.http.request;

import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;

/** Serves the subresources whose bodies are streams: log, exec, attach, portforward, proxy. */
public interface StreamHandler {

    /** Called on the event loop before the body is read. Ends the exchange sooner or later. */
    void stream(Exchange exchange, ResourceDefinition kind, Subresource part);
}

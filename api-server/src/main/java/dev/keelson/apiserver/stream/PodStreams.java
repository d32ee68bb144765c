package dev.keelson.apiserver.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.apiserver.http.request.QueryParameters;
import dev.keelson.apiserver.http.request.RequestInfo;
import dev.keelson.apiserver.http.request.StreamHandler;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.crds.model.UrlText;
import java.util.StringJoiner;

/**
 * Logs, exec, attach, port-forward and proxies: finds the node agent (or pod) that has the other end and joins the two,
 * in the paths of the kubelet's HTTP API. What can be refused is refused as a Status before anything is joined.
 */
public final class PodStreams implements StreamHandler {
    private final TargetFinder targets;
    private final ProxyTargets proxies;
    private final KubeletClients clients;

    public PodStreams(Reads reads, ResourceRegistry registry, KubeletClients clients) {
        this.targets = new TargetFinder(reads, registry);
        this.proxies = new ProxyTargets(reads, registry, targets);
        this.clients = clients;
    }

    @Override
    public void stream(Exchange exchange, ResourceDefinition kind, Subresource part) {
        // Nothing may be read before the other end is there to take it.
        exchange.request().pause();
        exchange.onVirtualThread(() -> {
            Target target = target(exchange, kind, part);
            exchange.context().runOnContext(event -> join(exchange, part, target));
        });
    }

    private void join(Exchange exchange, Subresource part, Target target) {
        try {
            switch (part) {
                case LOG -> log(exchange, target);
                case EXEC, ATTACH, PORTFORWARD -> upgrade(exchange, target);
                case PROXY -> proxy(exchange, target);
                case STATUS, SCALE, BINDING, EVICTION, FINALIZE, TOKEN, APPROVAL, EPHEMERALCONTAINERS, RESIZE ->
                    throw ApiFailure.noSuchResource();
            }
        } catch (ApiFailure e) {
            exchange.fail(e);
        }
    }

    private void log(Exchange exchange, Target target) {
        if (exchange.header("Upgrade").equalsIgnoreCase("websocket")) {
            UpgradeTunnel.open(exchange, clients.sockets(), target);
        } else {
            HttpProxy.forward(exchange, clients.http(), target, true);
        }
    }

    private void upgrade(Exchange exchange, Target target) {
        if (!UpgradeTunnel.wantsUpgrade(exchange.request())) {
            throw ApiFailure.badRequest("Upgrade request required");
        }
        UpgradeTunnel.open(exchange, clients.sockets(), target);
    }

    private void proxy(Exchange exchange, Target target) {
        if (UpgradeTunnel.wantsUpgrade(exchange.request()) && target.tls()) {
            UpgradeTunnel.open(exchange, clients.sockets(), target);
        } else {
            HttpProxy.forward(exchange, target.tls() ? clients.http() : clients.plainHttp(), target, false);
        }
    }

    private Target target(Exchange exchange, ResourceDefinition kind, Subresource part) {
        RequestInfo info = exchange.info();
        if (part == Subresource.PROXY) {
            return proxies.find(kind, info, exchange.request().query());
        }
        boolean readOnly = part == Subresource.LOG;
        if (readOnly && !info.verb().equals("get") || !readOnly && !info.verb().matches("get|create")) {
            throw ApiFailure.methodNotAllowed(kind, info.verb());
        }
        ObjectNode pod = targets.pod(info.namespace(), info.name());
        String place = "/" + UrlText.escape(info.namespace()) + "/" + UrlText.escape(info.name());
        QueryParameters query = exchange.query();
        return switch (part) {
            case LOG -> {
                LogOptionRules.check(info.name(), query);
                String container = TargetFinder.container(pod, query.text("container"));
                yield targets.nodeOf(pod)
                        .at("/containerLogs" + place + "/" + UrlText.escape(container) + withoutContainer(query));
            }
            case EXEC, ATTACH -> {
                TargetFinder.requireNotEnded(pod);
                String container = TargetFinder.container(pod, query.text("container"));
                String verb = part == Subresource.EXEC ? "/exec" : "/attach";
                yield targets.nodeOf(pod).at(verb + place + "/" + UrlText.escape(container) + withoutContainer(query));
            }
            case PORTFORWARD -> {
                TargetFinder.requireNotEnded(pod);
                yield targets.nodeOf(pod).at("/portForward" + place + withoutContainer(query));
            }
            case STATUS, SCALE, BINDING, EVICTION, FINALIZE, TOKEN, PROXY, APPROVAL, EPHEMERALCONTAINERS, RESIZE ->
                throw new ApiFailure(StatusReason.NOT_FOUND, "not a stream: " + part, StatusDetails.NONE);
        };
    }

    /** The client's options as the agent takes them: the container stands in the path. */
    private static String withoutContainer(QueryParameters query) {
        StringJoiner joined = new StringJoiner("&", "?", "").setEmptyValue("");
        query.values().forEach((name, values) -> {
            if (!name.equals("container")) {
                values.forEach(value -> joined.add(UrlText.escape(name) + "=" + UrlText.escape(value)));
            }
        });
        return joined.toString();
    }
}

package dev.keelson.apiserver.stream;

import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.apiserver.registry.ApiFailure;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.Optional;

/**
 * Joins a client that upgrades its connection (WebSocket, SPDY) with the agent, byte for byte. The two negotiate the
 * protocol with each other: this server repeats the request's head to the agent and the answer's head to the client,
 * and looks at nothing after it.
 */
final class UpgradeTunnel {
    private final Exchange exchange;
    private final Target target;
    private Buffer received = Buffer.buffer();
    private boolean answered;

    private UpgradeTunnel(Exchange exchange, Target target) {
        this.exchange = exchange;
        this.target = target;
    }

    static boolean wantsUpgrade(HttpServerRequest request) {
        return !Optional.ofNullable(request.getHeader("Upgrade")).orElse("").isEmpty();
    }

    /** Runs on the exchange's event loop; the request must be paused. */
    static void open(Exchange exchange, NetClient client, Target target) {
        if (exchange.request().version() != HttpVersion.HTTP_1_1) {
            throw ApiFailure.badRequest("a connection is upgraded over HTTP/1.1");
        }
        HttpMethod method = exchange.request().method();
        if (method != HttpMethod.GET && method != HttpMethod.POST) {
            throw ApiFailure.badRequest("a connection is upgraded with GET or POST, not with " + method);
        }
        UpgradeTunnel tunnel = new UpgradeTunnel(exchange, target);
        client.connect(target.port(), target.host())
                .onFailure(cause -> exchange.fail(HttpProxy.unreachable(target, cause)))
                .onSuccess(tunnel::connected);
    }

    private void connected(NetSocket agent) {
        exchange.onEnd(() -> {
            if (!answered) {
                agent.close();
            }
        });
        agent.exceptionHandler(cause -> failed(agent, cause));
        agent.closeHandler(closed -> failed(agent, new IllegalStateException("it closed the connection")));
        agent.handler(bytes -> headBytes(agent, bytes));
        MultiMap headers = HeadersMultiMap.httpHeaders();
        Headers.copyForUpgrade(exchange.request().headers(), headers);
        agent.write(UpgradeHead.request(
                // Also for a client that says POST, as those of SPDY do: the agent can give away the socket of a GET
                // only.
                "GET", target.pathAndQuery(), target.host() + ":" + target.port(), headers));
    }

    private void headBytes(NetSocket agent, Buffer bytes) {
        received = received.appendBuffer(bytes);
        try {
            UpgradeHead.parse(received).ifPresent(head -> answered(agent, head));
        } catch (IllegalArgumentException e) {
            failed(agent, e);
        }
    }

    private void answered(NetSocket agent, UpgradeHead head) {
        if (head.status() == 101) {
            answered = true;
            agent.pause();
            switchProtocols(agent, head);
            return;
        }
        int length = contentLength(head);
        if (head.rest().length() >= length) {
            answered = true;
            exchange.reply(HttpProxy.asStatus(head.status(), head.rest().getBuffer(0, length)));
            agent.close();
        }
    }

    /** Without a length nothing is waited for: what has arrived with the head is what is shown. */
    private static int contentLength(UpgradeHead head) {
        String length =
                Optional.ofNullable(head.headers().get("Content-Length")).orElse("");
        int known = length.matches("\\d{1,5}")
                ? Integer.parseInt(length)
                : head.rest().length();
        return Math.min(known, UpgradeHead.LONGEST / 2);
    }

    private void switchProtocols(NetSocket agent, UpgradeHead head) {
        if (exchange.request().method() == HttpMethod.POST) {
            ClientSide.take(exchange.request(), head.headers(), agent, head.rest(), exchange::finished);
            return;
        }
        exchange.response().setStatusCode(101);
        head.headers().forEach(header -> exchange.response().headers().add(header.getKey(), header.getValue()));
        exchange.request()
                .toNetSocket()
                .onFailure(cause -> {
                    agent.close();
                    exchange.fail(cause);
                })
                .onSuccess(client -> join(client, agent, head.rest()));
    }

    private static void join(NetSocket client, NetSocket agent, Buffer first) {
        agent.exceptionHandler(cause -> client.close());
        client.exceptionHandler(cause -> agent.close());
        agent.closeHandler(closed -> client.close());
        client.closeHandler(closed -> agent.close());
        if (first.length() > 0) {
            client.write(first);
        }
        // A pipe reads no faster than the other end writes: back-pressure goes through from end to end.
        client.pipeTo(agent);
        agent.pipeTo(client);
    }

    private void failed(NetSocket agent, Throwable cause) {
        if (!answered) {
            answered = true;
            exchange.fail(HttpProxy.unreachable(target, cause));
            agent.close();
        }
    }
}

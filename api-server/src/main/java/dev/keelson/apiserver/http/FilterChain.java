package dev.keelson.apiserver.http;

import dev.keelson.apiserver.http.request.Exchange;
import java.util.List;
import java.util.function.Consumer;

/** The filters in their order, and the handler behind them. */
record FilterChain(List<Filter> filters, Consumer<Exchange> handler) {

    FilterChain {
        filters = List.copyOf(filters);
    }

    void handle(Exchange exchange) {
        step(exchange, 0);
    }

    private void step(Exchange exchange, int index) {
        try {
            if (index == filters.size()) {
                handler.accept(exchange);
            } else {
                filters.get(index).filter(exchange, () -> step(exchange, index + 1));
            }
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }
}

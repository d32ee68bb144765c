package dev.keelson.apiserver.http;

import dev.keelson.apiserver.http.request.Exchange;

/** One step before a request reaches its handler. Runs on the event loop: it must not wait. */
public interface Filter {

    /** Ends the exchange, or calls {@code next} once. May throw an ApiFailure, which ends the exchange. */
    void filter(Exchange exchange, Runnable next);
}

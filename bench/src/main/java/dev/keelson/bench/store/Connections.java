package dev.keelson.bench.store;

import io.vertx.core.http.PoolOptions;

/** How the clients of a benchmark reach the store. */
enum Connections {
    /** Some connections for all of them: gRPC and the clients of Kubernetes send what is asked at once on one HTTP/2 connection. */
    SHARED("sharing 2 connections", 2, 32),
    /** As processes of their own would. */
    OWN("a connection each", 64, 1);

    private final String text;
    private final int count;
    private final int requests;

    Connections(String text, int count, int requests) {
        this.text = text;
        this.count = count;
        this.requests = requests;
    }

    /** How many there are for so many clients. */
    int count(int clients) {
        return Math.min(count, clients);
    }

    /** How many requests one connection carries at once. */
    int requests() {
        return requests;
    }

    PoolOptions pool() {
        return new PoolOptions().setHttp1MaxSize(count).setHttp2MaxSize(count);
    }

    @Override
    public String toString() {
        return text;
    }
}

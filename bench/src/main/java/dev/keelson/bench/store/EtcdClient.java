package dev.keelson.bench.store;

import dev.keelson.bench.Sample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.time.Duration;

/** Puts through etcd's own client, as everybody does who uses etcd: {@code bench/etcd-client}. */
record EtcdClient(Path program, int port, Connections connections) implements Load {
    @Override
    public String name() {
        return "etcd by its own client";
    }

    @Override
    public Loops.Result run(int clients, Duration time) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        program.toString(),
                        "http://127.0.0.1:" + port,
                        Integer.toString(connections.count(clients)),
                        Integer.toString(clients),
                        Long.toString(time.toSeconds()),
                        Integer.toString(EtcdStore.PUT_BYTES))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] answer = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(program + " ended with " + process.exitValue());
        }
        LongBuffer took = ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        long[] nanos = new long[took.remaining()];
        took.get(nanos);
        return new Loops.Result(new Sample(name(), nanos), nanos.length / (double) time.toSeconds());
    }
}

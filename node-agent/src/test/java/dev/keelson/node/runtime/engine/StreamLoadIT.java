package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.log.LogOptions;
import dev.keelson.node.log.LogReader;
import dev.keelson.node.runtime.ContainerStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Logs and connections of many clients at once. Commands: {@link StreamsIT}. */
class StreamLoadIT extends EngineTest {
    private static final int LINES = 150_000;
    private static final int FOLLOWERS = 12;
    private static final int FILES = 100;
    private static final int FILE_BYTES = 200_000;
    private static final int CONNECTIONS = 64;
    private static final int ANSWER_BYTES = 200_000;

    /** As long as a reader is not further behind than what is kept, which is asked for generously here. */
    @Test
    void followersOfAFloodLoseNoLineWhileItIsRotated() throws Exception {
        rotateLogs(FILE_BYTES, FILES);
        sandbox();
        ContainerStatus app = start(script("app", "sleep 0.2; seq 1 " + LINES));
        List<String> seen = all(FOLLOWERS, _ -> () -> follow(app));

        String whole = IntStream.rangeClosed(1, LINES).mapToObj(i -> i + "\n").collect(Collectors.joining());
        assertThat(seen).allSatisfy(text -> assertThat(text.equals(whole)).isTrue());
        assertThat(Path.of(app.logFile() + ".5")).exists();
        try (Stream<Path> files = Files.list(app.logFile().getParent())) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum())
                    .isLessThanOrEqualTo((long) FILES * FILE_BYTES);
        }
    }

    private String follow(ContainerStatus app) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        LogOptions follow =
                new LogOptions(true, OptionalLong.empty(), Optional.empty(), false, OptionalLong.empty(), "");
        LogReader.read(app.logFile(), follow, text, () -> runtime.containerStatus(app.id())
                .exit()
                .isEmpty());
        return text.toString(StandardCharsets.UTF_8);
    }

    @Test
    void forwardedConnectionsGetTheirOwnAnswersWhole() throws Exception {
        sandbox();
        ContainerStatus app = start(script("app", """
                mkdir /tmp/www; i=0
                while [ $i -lt %d ]; do yes "answer $i" | head -c %d > /tmp/www/$i; i=$((i+1)); done
                httpd -p 127.0.0.1:8080 -h /tmp/www; echo up; sleep 1000""".formatted(CONNECTIONS, ANSWER_BYTES)));
        EngineFixture.await(() -> text(app).contains("up"));

        List<String> answers = all(CONNECTIONS, i -> () -> ask(i));

        for (int i = 0; i < CONNECTIONS; i++) {
            String line = "answer " + i + "\n";
            String whole = line.repeat(ANSWER_BYTES / line.length() + 1).substring(0, ANSWER_BYTES);
            assertThat(answers.get(i)).contains(" 200 OK");
            assertThat(answers.get(i).endsWith("\r\n\r\n" + whole)).isTrue();
        }
    }

    private String ask(int page) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (ByteChannel channel = runtime.portForward(POD, 8080)) {
            channel.write(
                    ByteBuffer.wrap("GET /%d HTTP/1.0\r\n\r\n".formatted(page).getBytes(StandardCharsets.UTF_8)));
            ByteBuffer block = ByteBuffer.allocate(8192);
            while (channel.read(block.clear()) >= 0) {
                answer.write(block.array(), 0, block.position());
            }
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private interface Client {
        Callable<String> number(int i);
    }

    /** What all clients got, which all run at once. */
    private static List<String> all(int clients, Client client) throws Exception {
        List<String> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> running = IntStream.range(0, clients)
                    .mapToObj(i -> threads.submit(client.number(i)))
                    .toList();
            for (Future<String> one : running) {
                results.add(one.get(60, TimeUnit.SECONDS));
            }
        }
        return results;
    }
}

package dev.keelson.node.runtime.engine;

import dev.keelson.linux.Fd;
import dev.keelson.linux.FdChannel;
import dev.keelson.linux.LinuxException;
import dev.keelson.linux.Poller;
import dev.keelson.linux.SeqpacketSocket;
import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.StreamSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The streams of an exec'd or attached process. The descriptors lead to the process itself (exec) or to its supervisor
 * (attach); the conversation stays open, brings the exit code, and by its end tells the supervisor that nobody is
 * interested any more.
 */
final class ProcessSession implements StreamSession {
    private static final Duration FOREVER = Duration.ofDays(365);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SeqpacketSocket conversation;
    private final Optional<FdChannel> input;
    private final Optional<FdChannel> output;
    private final Optional<FdChannel> error;
    private final Resizer resizer;
    private final Runnable endInput;
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    /** Tells a terminal its size. */
    interface Resizer {
        void resize(int columns, int rows);
    }

    private ProcessSession(
            SeqpacketSocket conversation,
            Optional<FdChannel> input,
            Optional<FdChannel> output,
            Optional<FdChannel> error,
            Resizer resizer,
            Runnable endInput) {
        this.conversation = conversation;
        this.input = input;
        this.output = output;
        this.error = error;
        this.resizer = resizer;
        this.endInput = endInput;
        Thread.ofVirtual().name("session").start(this::awaitExit);
    }

    /** Runs a command: the answer's letters i, o, e name its descriptors; a terminal comes as o alone. */
    static ProcessSession exec(
            Supervisor supervisor, Poller poller, List<String> request, boolean terminal, String what) {
        Opened opened = open(supervisor, poller, request, "ExecError", what);
        Optional<FdChannel> output = opened.channel('o');
        return new ProcessSession(
                opened.conversation,
                terminal ? output : opened.channel('i'),
                output,
                opened.channel('e'),
                (columns, rows) -> output.filter(channel -> terminal)
                        .ifPresent(channel -> channel.fd().resizeTerminal(columns, rows)),
                () -> {});
    }

    static ProcessSession attach(
            Supervisor supervisor, Poller poller, String container, List<String> request, String what) {
        Opened opened = open(supervisor, poller, request, "AttachError", what);
        return new ProcessSession(
                opened.conversation,
                opened.channel('i'),
                opened.channel('o'),
                opened.channel('e'),
                (columns, rows) -> tell(supervisor, "resize", container, columns + "", rows + ""),
                () -> tell(supervisor, "close-input", container));
    }

    private static void tell(Supervisor supervisor, String... words) {
        try (SeqpacketSocket conversation = supervisor.converse()) {
            conversation.send(Reply.request(words));
        } catch (LinuxException | NodeException e) {
            // The process has ended meanwhile; its exit code says so.
        }
    }

    private record Opened(SeqpacketSocket conversation, String letters, List<FdChannel> channels) {
        Optional<FdChannel> channel(char letter) {
            int index = letters.indexOf(letter);
            return index < 0 ? Optional.empty() : Optional.of(channels.get(index));
        }
    }

    private static Opened open(Supervisor supervisor, Poller poller, List<String> request, String reason, String what) {
        SeqpacketSocket conversation = supervisor.converse();
        try {
            conversation.send(Reply.request(request.toArray(String[]::new)));
            Reply reply = Reply.of(conversation.receive(PATIENCE)).orThrow(reason, what);
            List<FdChannel> channels = new ArrayList<>();
            for (Fd fd : reply.descriptors()) {
                channels.add(new FdChannel(fd, poller));
            }
            return new Opened(conversation, reply.word(1), channels);
        } catch (LinuxException e) {
            conversation.close();
            throw new NodeException(NodeException.Kind.INVALID, reason, what + ": " + e.getMessage(), e);
        } catch (NodeException e) {
            conversation.close();
            throw e;
        }
    }

    private void awaitExit() {
        Reply reply = Reply.of(conversation.receive(FOREVER));
        if (reply.is("exit")) {
            exitCode.complete(Integer.parseInt(reply.word(1)));
        } else {
            exitCode.completeExceptionally(
                    Failures.transientFailure("the session ended before the process, or its supervisor is gone"));
        }
    }

    @Override
    public OutputStream stdin() {
        return input.<OutputStream>map(channel -> new Input(channel, endInput)).orElse(OutputStream.nullOutputStream());
    }

    @Override
    public InputStream stdout() {
        return output.map(Channels::newInputStream).orElse(InputStream.nullInputStream());
    }

    @Override
    public InputStream stderr() {
        return error.map(Channels::newInputStream).orElse(InputStream.nullInputStream());
    }

    @Override
    public void resize(int columns, int rows) {
        resizer.resize(columns, rows);
    }

    @Override
    public CompletableFuture<Integer> exitCode() {
        return exitCode;
    }

    @Override
    public void close() {
        conversation.close();
        input.ifPresent(FdChannel::close);
        output.ifPresent(FdChannel::close);
        error.ifPresent(FdChannel::close);
    }

    /** Closing it is end-of-file for the process, which for an attached one the supervisor has to say. */
    private static final class Input extends OutputStream {
        private final FdChannel channel;
        private final OutputStream stream;
        private final Runnable end;

        Input(FdChannel channel, Runnable end) {
            this.channel = channel;
            this.stream = Channels.newOutputStream(channel);
            this.end = end;
        }

        @Override
        public void write(int value) throws IOException {
            stream.write(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            stream.write(bytes, offset, length);
        }

        @Override
        public void close() {
            channel.close();
            end.run();
        }
    }
}

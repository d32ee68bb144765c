package dev.keelson.node.probe;

import dev.keelson.node.runtime.ExecResult;
import dev.keelson.node.runtime.RuntimeService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.OptionalInt;

/** {@link Prober} from this node: through the runtime for exec, over the pod's address for the rest. */
public final class NodeProber implements Prober {
    private static final int LONGEST_MESSAGE = 512;

    private final RuntimeService runtime;

    public NodeProber(RuntimeService runtime) {
        this.runtime = runtime;
    }

    @Override
    public ProbeOutcome check(ProbeSpec.Check check, ProbeTarget target, Duration timeout) {
        try {
            return switch (check) {
                case ProbeSpec.Check.Exec exec -> exec(exec, target, timeout);
                case ProbeSpec.Check.Http http ->
                    HttpProbe.check(http, host(http.host(), target), number(http.port()), timeout);
                case ProbeSpec.Check.Tcp tcp -> tcp(host(tcp.host(), target), number(tcp.port()), timeout);
                case ProbeSpec.Check.Grpc grpc -> GrpcProbe.check(grpc, target.podIp(), timeout);
                case ProbeSpec.Check.Unsupported(String why) -> ProbeOutcome.failed(why);
            };
        } catch (SocketTimeoutException late) {
            return ProbeOutcome.failed("no answer within " + timeout.toSeconds() + " s");
        } catch (IOException | RuntimeException failure) {
            // Whatever it is, the next probe is due all the same.
            return ProbeOutcome.failed(String.valueOf(failure.getMessage()));
        }
    }

    private ProbeOutcome exec(ProbeSpec.Check.Exec exec, ProbeTarget target, Duration timeout) {
        ExecResult result = runtime.execSync(target.containerId(), exec.command(), timeout);
        if (result.exitCode() == 0) {
            return ProbeOutcome.passed();
        }
        String said = (result.stdout() + result.stderr()).strip();
        String text = said.length() > LONGEST_MESSAGE ? said.substring(0, LONGEST_MESSAGE) : said;
        return ProbeOutcome.failed("command exited with " + result.exitCode() + (text.isEmpty() ? "" : ": " + text));
    }

    private static ProbeOutcome tcp(String host, int port, Duration timeout) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE));
            return ProbeOutcome.passed();
        } catch (IOException refused) {
            return ProbeOutcome.failed("dial tcp %s:%d: %s".formatted(host, port, refused.getMessage()));
        }
    }

    private static String host(String written, ProbeTarget target) {
        return written.isEmpty() ? target.podIp() : written;
    }

    private static int number(ProbeSpec.Port port) {
        OptionalInt number = port.number();
        return number.orElseThrow(() -> new IllegalArgumentException(
                "port \"" + port.written() + "\" is not the name of one of the container's ports"));
    }
}

package dev.keelson.node.probe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One probe of a container (Kubernetes: "Configure Liveness, Readiness and Startup Probes"), absent fields filled in.
 *
 * @param terminationGrace the probe's own grace period for the container that it fails
 */
public record ProbeSpec(
        Check check,
        Duration initialDelay,
        Duration period,
        Duration timeout,
        int successThreshold,
        int failureThreshold,
        Optional<Duration> terminationGrace) {

    /** What is asked of the container. */
    public sealed interface Check {

        /** Exit code 0 is success. */
        record Exec(List<String> command) implements Check {}

        /**
         * Status 200 to 399 is success.
         *
         * @param host empty for the pod's address
         */
        record Http(boolean tls, String host, Port port, String path, List<Header> headers) implements Check {}

        /** An accepted connection is success. */
        record Tcp(String host, Port port) implements Check {}

        /** {@code grpc.health.v1.Health/Check} answering SERVING is success. */
        record Grpc(int port, String service) implements Check {}

        /** The spec names no check this agent knows. */
        record Unsupported(String why) implements Check {}
    }

    public record Header(String name, String value) {}

    /** A port as written, and the number that it stands for when its name is one of the container's ports. */
    public record Port(String written, OptionalInt number) {}

    public static Optional<ProbeSpec> of(Probe probe, Container container) {
        if (probe == null) {
            return Optional.empty();
        }
        return Optional.of(new ProbeSpec(
                check(probe, container),
                seconds(probe.getInitialDelaySeconds(), 0),
                seconds(probe.getPeriodSeconds(), 10),
                seconds(probe.getTimeoutSeconds(), 1),
                atLeastOne(probe.getSuccessThreshold(), 1),
                atLeastOne(probe.getFailureThreshold(), 3),
                Optional.ofNullable(probe.getTerminationGracePeriodSeconds()).map(Duration::ofSeconds)));
    }

    private static Check check(Probe probe, Container container) {
        if (probe.getExec() != null) {
            return new Check.Exec(List.copyOf(probe.getExec().getCommand()));
        }
        if (probe.getHttpGet() != null) {
            var get = probe.getHttpGet();
            List<Header> headers =
                    get.getHttpHeaders().stream().map(ProbeSpec::header).toList();
            return new Check.Http(
                    "HTTPS".equalsIgnoreCase(get.getScheme()),
                    Objects.requireNonNullElse(get.getHost(), ""),
                    port(get.getPort(), container),
                    Objects.requireNonNullElse(get.getPath(), "/"),
                    headers);
        }
        if (probe.getTcpSocket() != null) {
            var tcp = probe.getTcpSocket();
            return new Check.Tcp(Objects.requireNonNullElse(tcp.getHost(), ""), port(tcp.getPort(), container));
        }
        if (probe.getGrpc() != null) {
            return new Check.Grpc(
                    probe.getGrpc().getPort(),
                    Objects.requireNonNullElse(probe.getGrpc().getService(), ""));
        }
        return new Check.Unsupported("the probe names none of exec, httpGet, tcpSocket, grpc");
    }

    private static Header header(HTTPHeader header) {
        return new Header(header.getName(), Objects.requireNonNullElse(header.getValue(), ""));
    }

    private static Port port(IntOrString written, Container container) {
        if (written == null) {
            return new Port("", OptionalInt.empty());
        }
        if (written.getIntVal() != null) {
            return new Port(String.valueOf(written.getIntVal()), OptionalInt.of(written.getIntVal()));
        }
        String name = Objects.requireNonNullElse(written.getStrVal(), "");
        return new Port(
                name,
                container.getPorts().stream()
                        .filter(port -> name.equals(port.getName()))
                        .mapToInt(ContainerPort::getContainerPort)
                        .findFirst());
    }

    private static Duration seconds(Integer value, int fallback) {
        return Duration.ofSeconds(Objects.requireNonNullElse(value, fallback));
    }

    private static int atLeastOne(Integer value, int fallback) {
        return Math.max(1, Objects.requireNonNullElse(value, fallback));
    }
}

package dev.keelson.node.probe;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * GETs over connections of their own. Status 200 to 399 passes; redirects are followed while they stay on the same host,
 * one to another host is an answer (as the kubelet). Certificates are not checked: the probe asks whether the container answers, not who it is (as the kubelet).
 */
final class HttpProbe {
    private static final int LONGEST_LINE = 8192;
    private static final int MOST_HEADERS = 100;
    private static final int MOST_REDIRECTS = 10;
    private static final SSLSocketFactory ANY_CERTIFICATE = anyCertificate();

    private HttpProbe() {}

    static ProbeOutcome check(ProbeSpec.Check.Http http, String host, int port, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        ProbeSpec.Check.Http asked = http;
        int at = port;
        for (int hops = 0; hops < MOST_REDIRECTS; hops++) {
            Answer answer = ask(asked, host, at, deadline);
            Optional<URI> next = answer.redirect(asked.tls(), host, at, asked.path());
            if (next.isEmpty()) {
                return judged(answer);
            }
            boolean tls = "https".equals(next.get().getScheme());
            at = next.get().getPort() >= 0 ? next.get().getPort() : tls ? 443 : 80;
            asked = new ProbeSpec.Check.Http(tls, http.host(), http.port(), path(next.get()), http.headers());
        }
        return ProbeOutcome.failed("stopped after %d redirects".formatted(MOST_REDIRECTS));
    }

    private static ProbeOutcome judged(Answer answer) {
        ProbeOutcome outcome = judge(answer.statusLine());
        return outcome.success() && !answer.location().isEmpty()
                ? ProbeOutcome.passed("Probe terminated redirects, Location: " + answer.location())
                : outcome;
    }

    private static String path(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    /** @param location where a redirect leads; empty without one */
    record Answer(String statusLine, String location) {

        /** The next address to ask, when this is a redirect on the same host. */
        Optional<URI> redirect(boolean tls, String host, int port, String path) {
            String[] words = statusLine.split(" ", 3);
            if (location.isEmpty() || words.length < 2 || !words[1].matches("30[12378]")) {
                return Optional.empty();
            }
            String authority = host.contains(":") ? "[" + host + "]" : host;
            try {
                URI base = URI.create("%s://%s:%d%s"
                        .formatted(tls ? "https" : "http", authority, port, path.startsWith("/") ? path : "/" + path));
                URI next = base.resolve(location);
                return Optional.of(next).filter(uri -> base.getHost().equalsIgnoreCase(uri.getHost()));
            } catch (IllegalArgumentException notAnAddress) {
                return Optional.empty();
            }
        }
    }

    private static Answer ask(ProbeSpec.Check.Http http, String host, int port, long deadline) throws IOException {
        try (Socket socket = connect(http.tls(), host, port, deadline)) {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(request(http, host, port).getBytes(StandardCharsets.ISO_8859_1));
            socket.setSoTimeout(left(deadline));
            return answer(socket, deadline);
        }
    }

    private static Socket connect(boolean tls, String host, int port, long deadline) throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(host, port), left(deadline));
            plain.setSoTimeout(left(deadline));
            return tls ? ANY_CERTIFICATE.createSocket(plain, host, port, true) : plain;
        } catch (IOException refused) {
            plain.close();
            String scheme = tls ? "https" : "http";
            throw new IOException(
                    "Get \"%s://%s:%d\": %s".formatted(scheme, host, port, refused.getMessage()), refused);
        }
    }

    static String request(ProbeSpec.Check.Http http, String host, int port) {
        StringBuilder text = new StringBuilder("GET ");
        text.append(http.path().startsWith("/") ? http.path() : "/" + http.path())
                .append(" HTTP/1.1\r\n");
        addUnlessGiven(http, text, "Host", host.contains(":") ? "[" + host + "]:" + port : host + ":" + port);
        addUnlessGiven(http, text, "User-Agent", "kube-probe/1.32");
        addUnlessGiven(http, text, "Accept", "*/*");
        text.append("Connection: close\r\n");
        http.headers().forEach(header -> text.append(clean(header.name()))
                .append(": ")
                .append(clean(header.value()))
                .append("\r\n"));
        return text.append("\r\n").toString();
    }

    private static void addUnlessGiven(ProbeSpec.Check.Http http, StringBuilder text, String name, String value) {
        if (http.headers().stream().noneMatch(header -> header.name().equalsIgnoreCase(name))) {
            text.append(name).append(": ").append(value).append("\r\n");
        }
    }

    /** A header from a spec must not be able to begin another one. */
    private static String clean(String text) {
        return text.replace("\r", "").replace("\n", "");
    }

    private static Answer answer(Socket socket, long deadline) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        String status = line(socket, in, deadline);
        if (!status.matches("HTTP/\\S+ 3.*")) {
            return new Answer(status, "");
        }
        for (int headers = 0; headers < MOST_HEADERS; headers++) {
            String header = line(socket, in, deadline);
            if (header.isEmpty()) {
                break;
            }
            if (header.toLowerCase(Locale.ROOT).startsWith("location:")) {
                return new Answer(status, header.substring("location:".length()).strip());
            }
        }
        return new Answer(status, "");
    }

    private static String line(Socket socket, InputStream in, long deadline) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int c = in.read();
        while (c >= 0 && c != '\n' && line.size() < LONGEST_LINE) {
            line.write(c);
            socket.setSoTimeout(left(deadline));
            c = in.read();
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    static ProbeOutcome judge(String statusLine) {
        String[] words = statusLine.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/") || !words[1].matches("[1-5]\\d\\d")) {
            return ProbeOutcome.failed("the answer is not HTTP: \"" + statusLine + "\"");
        }
        int status = Integer.parseInt(words[1]);
        return status >= 200 && status < 400
                ? ProbeOutcome.passed()
                : ProbeOutcome.failed("HTTP probe failed with statuscode: " + status);
    }

    private static int left(long deadline) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (deadline - System.nanoTime()) / 1_000_000));
    }

    private static SSLSocketFactory anyCertificate() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

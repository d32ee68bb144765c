package dev.keelson.node.image.registry;

import dev.keelson.node.image.ImageReference;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Where a registry is: TLS everywhere, except where plain HTTP was configured or never leaves this machine. */
final class RegistryHosts {
    private static final Pattern LOOPBACK =
            Pattern.compile("(localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1])(:\\d+)?");

    private final Set<String> plainHosts;
    private final Supplier<HttpExchange> http;
    private final Map<String, URI> found = new ConcurrentHashMap<>();

    RegistryHosts(Set<String> plainHosts, Supplier<HttpExchange> http) {
        this.plainHosts = plainHosts;
        this.http = http;
    }

    /** The address that repositories hang below, such as {@code https://reg.local/v2}. */
    URI base(ImageReference reference) throws IOException {
        String host = reference.registry().equals("docker.io") ? "registry-1.docker.io" : reference.registry();
        if (!mayBePlain(host)) {
            return URI.create("https://" + host + "/v2");
        }
        if (!LOOPBACK.matcher(host).matches()) {
            return URI.create("http://" + host + "/v2");
        }
        URI known = found.get(host);
        if (known == null) {
            known = probe(host);
            found.put(host, known);
        }
        return known;
    }

    boolean mayBePlain(String host) {
        return LOOPBACK.matcher(host).matches()
                || plainHosts.contains(host)
                || plainHosts.contains(host.replaceFirst(":\\d+$", ""));
    }

    /** A registry on this machine may have TLS or not. It is asked in the clear, without credentials, which is quick. */
    private URI probe(String host) throws IOException {
        URI plain = URI.create("http://" + host + "/v2");
        URI secure = URI.create("https://" + host + "/v2");
        try (HttpExchange.Answer answer = http.get().get(URI.create(plain + "/"), Map.of())) {
            // Servers with TLS answer 400 to a request in the clear, or break it off.
            return answer.status() == 400 ? secure : plain;
        } catch (java.net.ConnectException notThere) {
            throw notThere;
        } catch (IOException notPlain) {
            return secure;
        }
    }
}

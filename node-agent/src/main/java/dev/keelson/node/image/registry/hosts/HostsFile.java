package dev.keelson.node.image.registry.hosts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.keelson.node.NodeException;
import dev.keelson.node.image.ImageErrors;
import dev.keelson.node.image.registry.hosts.Endpoint.Capability;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One {@code hosts.toml} as containerd defines it (docs/hosts.md there): mirrors in the order in which they are tried, and
 * the registry's own address after them. Everything that is not understood is refused, with its place.
 */
final class HostsFile {
    private static final Set<String> TOP = Set.of("server", "host", "capabilities", "ca", "skip_verify", "header");
    private static final Set<String> HOST = Set.of("capabilities", "ca", "skip_verify", "header", "override_path");

    private final Path file;

    HostsFile(Path file) {
        this.file = file;
    }

    /** @param besides authorities that lie beside the file and are trusted for all of its servers */
    List<Endpoint> read(List<Path> besides) {
        JsonNode toml = parse();
        check(toml, "", TOP);
        List<Endpoint> endpoints = new ArrayList<>();
        JsonNode hosts = toml.path("host");
        for (Map.Entry<String, JsonNode> host : hosts.properties()) {
            String where = "host.\"" + host.getKey() + "\"";
            check(host.getValue(), where, HOST);
            endpoints.add(endpoint(host.getKey(), host.getValue(), where, besides, true));
        }
        String server = text(toml.path("server"), "server");
        endpoints.add(
                server.isEmpty()
                        ? new Endpoint(
                                Optional.empty(),
                                capabilities(toml, ""),
                                trust(toml, "", besides),
                                headers(toml, ""),
                                false)
                        : endpoint(server, toml, "server", besides, false));
        return endpoints;
    }

    private JsonNode parse() {
        try {
            return new TomlMapper().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw wrong("it is not readable TOML: " + e.getMessage());
        }
    }

    private Endpoint endpoint(String address, JsonNode table, String where, List<Path> besides, boolean mirror) {
        URI base = base(address, where, table.path("override_path").asBoolean(false));
        return new Endpoint(
                Optional.of(base),
                capabilities(table, where),
                trust(table, where, besides),
                headers(table, where),
                mirror);
    }

    private URI base(String address, String where, boolean overridePath) {
        String full = address.contains("://") ? address : "https://" + address;
        try {
            URI uri = URI.create(full.replaceFirst("/+$", ""));
            boolean usable = uri.getHost() != null
                    && List.of("http", "https").contains(uri.getScheme())
                    && uri.getQuery() == null
                    && uri.getUserInfo() == null;
            if (usable) {
                boolean whole = overridePath || uri.getPath().endsWith("/v2");
                return whole ? uri : URI.create(uri + "/v2");
            }
        } catch (IllegalArgumentException notAnAddress) {
            throw wrong(where + " is not an address such as https://mirror.local:5000");
        }
        throw wrong(where + " is not an address such as https://mirror.local:5000");
    }

    private Set<Capability> capabilities(JsonNode table, String where) {
        if (!table.has("capabilities")) {
            return EnumSet.allOf(Capability.class);
        }
        Set<Capability> found = EnumSet.noneOf(Capability.class);
        for (String name : texts(table.path("capabilities"), place(where, "capabilities"))) {
            try {
                found.add(Capability.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException unknown) {
                throw wrong(
                        "%s has \"%s\"; it takes pull, resolve and push".formatted(place(where, "capabilities"), name));
            }
        }
        return found;
    }

    private Trust trust(JsonNode table, String where, List<Path> besides) {
        List<Path> authorities = new ArrayList<>(besides);
        for (String name : texts(table.path("ca"), place(where, "ca"))) {
            Path authority = file.resolveSibling(name);
            if (!Files.isReadable(authority)) {
                throw wrong("%s names \"%s\", which is not there".formatted(place(where, "ca"), authority));
            }
            authorities.add(authority);
        }
        return Trust.of(authorities, table.path("skip_verify").asBoolean(false));
    }

    private Map<String, String> headers(JsonNode table, String where) {
        Map<String, String> headers = new LinkedHashMap<>();
        table.path("header")
                .properties()
                .forEach(header -> headers.put(
                        header.getKey(),
                        String.join(", ", texts(header.getValue(), place(where, "header." + header.getKey())))));
        return headers;
    }

    /** One string, or several in an array. */
    private List<String> texts(JsonNode value, String where) {
        if (value.isMissingNode()) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : value.isArray() ? value : List.of(value)) {
            texts.add(text(element, where));
        }
        return texts;
    }

    private String text(JsonNode value, String where) {
        if (!value.isMissingNode() && !value.isTextual()) {
            throw wrong(where + " must be a string");
        }
        return value.asText("");
    }

    private void check(JsonNode table, String where, Set<String> known) {
        if (!table.isObject()) {
            throw wrong(where + " must be a table");
        }
        table.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw wrong("%s is not understood; known are %s"
                        .formatted(
                                place(where, name),
                                String.join(", ", known.stream().sorted().toList())));
            }
        });
    }

    private static String place(String where, String name) {
        return where.isEmpty() || where.equals("server") ? name : where + "." + name;
    }

    private NodeException wrong(String what) {
        return ImageErrors.refused("cannot use " + file + ": " + what);
    }
}

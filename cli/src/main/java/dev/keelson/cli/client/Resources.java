package dev.keelson.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.CliException;
import dev.keelson.crds.model.UrlText;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the server serves, from aggregated discovery (apidiscovery.k8s.io/v2), and how users name it. */
public final class Resources {
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final List<Resource> known;

    private Resources(List<Resource> known) {
        this.known = known;
    }

    public record Resource(
            String group,
            String version,
            String plural,
            String singular,
            String kind,
            List<String> shortNames,
            boolean namespaced) {

        /** The path of the collection, or of one object when {@code name} is not empty. */
        public String path(String namespace, String name) {
            String base = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
            String scope = namespaced && !namespace.isEmpty() ? "/namespaces/" + UrlText.escape(namespace) : "";
            return base + scope + "/" + plural + (name.isEmpty() ? "" : "/" + UrlText.escape(name));
        }

        /** {@code deployment.apps/web}, as kubectl prints it. */
        public String display(String name) {
            return singular + (group.isEmpty() ? "" : "." + group) + "/" + name;
        }

        private boolean answersTo(String word) {
            return plural.equals(word)
                    || singular.equals(word)
                    || shortNames.contains(word)
                    || kind.toLowerCase(Locale.ROOT).equals(word)
                    || (plural + "." + group).equals(word)
                    || (singular + "." + group).equals(word);
        }
    }

    public static Resources discover(Api api) {
        List<Resource> found = new ArrayList<>();
        for (String root : List.of("/api", "/apis")) {
            Api.Answer answer = api.send("GET", root, AGGREGATED, "", BodyPublishers.noBody());
            if (!answer.ok()) {
                throw Api.refused(answer);
            }
            for (JsonNode group : answer.json().path("items")) {
                collect(group, found);
            }
        }
        return new Resources(found);
    }

    /** The resource that a word such as {@code po}, {@code pods}, {@code deployment.apps} names. */
    public Resource named(String word) {
        String wanted = word.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(resource -> resource.answersTo(wanted))
                .findFirst()
                .orElseThrow(() -> new CliException("the server doesn't have a resource type \"%s\"; it has %s"
                        .formatted(word, known.stream().map(Resource::plural).toList())));
    }

    /** The resource of an object's apiVersion and kind. */
    public Resource of(JsonNode object) {
        String apiVersion = object.path("apiVersion").asText();
        String kind = object.path("kind").asText();
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version = apiVersion.substring(slash + 1);
        return known.stream()
                .filter(r -> r.group().equals(group)
                        && r.version().equals(version)
                        && r.kind().equals(kind))
                .findFirst()
                .orElseThrow(
                        () -> new CliException("no matches for kind \"%s\" in version \"%s\": check apiVersion and kind"
                                .formatted(kind, apiVersion)));
    }

    private static void collect(JsonNode group, List<Resource> found) {
        String groupName = group.path("metadata").path("name").asText("");
        for (JsonNode version : group.path("versions")) {
            for (JsonNode resource : version.path("resources")) {
                List<String> shortNames = new ArrayList<>();
                resource.path("shortNames").forEach(name -> shortNames.add(name.asText()));
                found.add(new Resource(
                        groupName,
                        version.path("version").asText(),
                        resource.path("resource").asText(),
                        resource.path("singularResource").asText(),
                        resource.path("responseKind").path("kind").asText(),
                        shortNames,
                        resource.path("scope").asText().equals("Namespaced")));
            }
        }
    }
}

package dev.keelson.apiserver.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.PathHandler;
import java.util.Optional;

/** {@code /version}: the Kubernetes version whose API is spoken. */
public final class VersionHandler implements PathHandler {
    private static final String MINOR = "32";

    @Override
    public Optional<Reply> answer(PathRequest request) {
        return request.path().replaceAll("/+$", "").equals("/version")
                ? Optional.of(Reply.json(200, version()))
                : Optional.empty();
    }

    public static ObjectNode version() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("major", "1")
                .put("minor", MINOR)
                .put("gitVersion", "v1." + MINOR + ".4+keelson")
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "1970-01-01T00:00:00Z")
                .put("goVersion", "none")
                .put("compiler", "javac")
                .put("platform", "linux/amd64");
    }
}

package dev.keelson.apiserver.http.reply;

import dev.keelson.apiserver.http.reply.AcceptHeader.MediaRange;
import dev.keelson.apiserver.http.reply.Rendering.Format;
import dev.keelson.apiserver.http.reply.Rendering.Shape;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses the first rendering that the client accepts and the server can make. Protobuf is read but never written:
 * every client that asks for it also takes JSON.
 */
public final class Negotiation {
    private static final Set<String> META_VERSIONS = Set.of("v1", "v1beta1");
    private static final Set<String> PARTIAL = Set.of("PartialObjectMetadata", "PartialObjectMetadataList");

    private Negotiation() {}

    /** @param transformable whether Table and PartialObjectMetadata make sense for the answer */
    public static Rendering choose(String acceptHeader, boolean transformable) {
        return first(acceptHeader, transformable, List.of(Format.values()))
                .orElseThrow(() -> notAcceptable("application/json, application/yaml"
                        + (transformable
                                ? ", application/json;as=Table;g=meta.k8s.io;v=v1,"
                                        + " application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
                                : "")));
    }

    /** Whether one of the media types, which are no renderings of an object, is something that the client reads. */
    public static boolean accepts(String acceptHeader, List<String> mediaTypes) {
        return AcceptHeader.parse(acceptHeader).ranges().stream()
                .anyMatch(range -> range.quality() > 0 && mediaTypes.stream().anyMatch(range::accepts));
    }

    /** For a watch: a sequence of YAML documents is no format that Kubernetes streams. */
    public static Rendering chooseStream(String acceptHeader, boolean transformable) {
        return first(acceptHeader, transformable, List.of(Format.JSON))
                .orElseThrow(() -> notAcceptable("application/json;stream=watch"));
    }

    private static ApiFailure notAcceptable(String accepted) {
        return new ApiFailure(
                StatusReason.NOT_ACCEPTABLE,
                "only the following media types are accepted: " + accepted,
                StatusDetails.NONE);
    }

    private static Optional<Rendering> first(String acceptHeader, boolean transformable, List<Format> formats) {
        if (acceptHeader.isEmpty() || acceptHeader.equals(Format.JSON.mediaType())) {
            // What nearly everybody asks for, and everything can be shown as.
            return Optional.of(Rendering.JSON);
        }
        return AcceptHeader.parse(acceptHeader).ranges().stream()
                .flatMap(range -> rendering(range, transformable, formats).stream())
                .findFirst();
    }

    private static Optional<Rendering> rendering(MediaRange range, boolean transformable, List<Format> formats) {
        for (Format format : formats) {
            if (range.quality() > 0 && range.accepts(format.mediaType())) {
                return shaped(format, range, transformable);
            }
        }
        return Optional.empty();
    }

    private static Optional<Rendering> shaped(Format format, MediaRange range, boolean transformable) {
        String as = range.parameter("as");
        if (as.isEmpty()) {
            return Optional.of(new Rendering(format, Shape.OBJECT, "v1"));
        }
        boolean known = range.parameter("g").equals("meta.k8s.io") && META_VERSIONS.contains(range.parameter("v"));
        if (!transformable || !known) {
            return Optional.empty();
        }
        if (as.equals("Table")) {
            return Optional.of(new Rendering(format, Shape.TABLE, range.parameter("v")));
        }
        return PARTIAL.contains(as)
                ? Optional.of(new Rendering(format, Shape.PARTIAL, range.parameter("v")))
                : Optional.empty();
    }
}

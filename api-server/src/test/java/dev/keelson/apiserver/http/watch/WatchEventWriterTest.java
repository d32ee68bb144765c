package dev.keelson.apiserver.http.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.Rendering;
import dev.keelson.apiserver.http.reply.TableShape;
import dev.keelson.apiserver.http.request.QueryParameters;
import dev.keelson.apiserver.http.verb.ListParameters;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchEvent;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchEventWriterTest {
    private static final ResourceRegistry KINDS = new ResourceRegistry(BuiltinKinds.list());
    private static final ResourceDefinition CONFIG_MAPS = KINDS.require("", "configmaps");
    private static final Rendering PARTIAL = new Rendering(Rendering.Format.JSON, Rendering.Shape.PARTIAL, "v1");

    private record Version(ObjectKey key, String uid, Revision revision, byte[] json, ObjectNode tree)
            implements CachedObject {}

    @Test
    void aChangeIntoSightAddsAndOutOfSightDeletes() {
        WatchEventWriter writer = writer("labelSelector=app%3Dweb", Rendering.JSON);
        List<WatchEvent> events = List.of(
                event(WatchEvent.Type.ADDED, version(1, "db"), Optional.empty()),
                event(WatchEvent.Type.MODIFIED, version(2, "web"), Optional.of(version(1, "db"))),
                event(WatchEvent.Type.MODIFIED, version(3, "web"), Optional.of(version(2, "web"))),
                event(WatchEvent.Type.MODIFIED, version(4, "db"), Optional.of(version(3, "web"))),
                event(WatchEvent.Type.MODIFIED, version(5, "x"), Optional.of(version(4, "db"))),
                event(WatchEvent.Type.DELETED, version(6, "x"), Optional.of(version(5, "x"))));
        assertThat(lines(writer, events)).containsExactly("ADDED 2", "MODIFIED 3", "DELETED 4");
    }

    @Test
    void aDeletionIsSeenByWhoeverSawTheObject() {
        WatchEventWriter writer = writer("labelSelector=app%3Dweb", Rendering.JSON);
        assertThat(lines(
                        writer,
                        List.of(event(WatchEvent.Type.DELETED, version(2, "db"), Optional.of(version(1, "web"))))))
                .containsExactly("DELETED 2");
    }

    @Test
    void aNameSelectsWithoutReadingTheObject() {
        WatchEventWriter writer = writer("fieldSelector=metadata.name%3Dother", Rendering.JSON);
        assertThat(lines(writer, List.of(event(WatchEvent.Type.ADDED, version(1, "web"), Optional.empty()))))
                .isEmpty();
    }

    @Test
    void whoAsksForChangesOfMetadataIsNotToldOfOthers() {
        List<WatchEvent> events = List.of(
                event(WatchEvent.Type.ADDED, version(1, "db"), Optional.empty()),
                event(WatchEvent.Type.MODIFIED, version(2, "db"), Optional.of(version(1, "db"))),
                event(WatchEvent.Type.MODIFIED, version(3, "web"), Optional.of(version(2, "db"))),
                event(WatchEvent.Type.MODIFIED, version(4, "web"), Optional.of(version(3, "web"))),
                event(WatchEvent.Type.MODIFIED, version(5, "db"), Optional.of(version(4, "web"))),
                event(WatchEvent.Type.DELETED, version(6, "db"), Optional.of(version(5, "db"))));
        assertThat(lines(writer("metadataChangesOnly=true", PARTIAL), events))
                .containsExactly("ADDED 1", "MODIFIED 3", "MODIFIED 5", "DELETED 6");
        assertThat(lines(writer("metadataChangesOnly=true&labelSelector=app%3Dweb", PARTIAL), events))
                .containsExactly("ADDED 3", "DELETED 5");
        assertThat(lines(writer("metadataChangesOnly=false", PARTIAL), events)).hasSize(6);
        assertThat(writer("metadataChangesOnly=true", PARTIAL).encode(List.of(events.get(1))))
                .as("nothing, by which a watch knows that it has passed the revision over")
                .isEmpty();
    }

    /** Of a watch that was away, a renewal may be all that is left of an earlier change. */
    @Test
    void everyHeartbeatIsTold() {
        WatchEventWriter writer =
                writer(KINDS.require("coordination.k8s.io", "leases"), "metadataChangesOnly=true", PARTIAL);
        assertThat(lines(
                        writer,
                        List.of(event(WatchEvent.Type.MODIFIED, version(2, "a"), Optional.of(version(1, "a"))))))
                .containsExactly("MODIFIED 2");
    }

    @Test
    void aTableSaysItsColumnsOnce() {
        WatchEventWriter writer = writer("", new Rendering(Rendering.Format.JSON, Rendering.Shape.TABLE, "v1"));
        List<ObjectNode> tables = objects(
                writer,
                List.of(
                        event(WatchEvent.Type.ADDED, version(1, "web"), Optional.empty()),
                        event(WatchEvent.Type.MODIFIED, version(2, "web"), Optional.of(version(1, "web")))));
        assertThat(tables.get(0).path("object").path("columnDefinitions")).isNotEmpty();
        assertThat(tables.get(1).path("object").path("columnDefinitions")).isEmpty();
        assertThat(tables.get(1).at("/object/rows/0/cells/0").asText()).isEqualTo("cm");
        assertThat(tables.get(1).at("/object/rows/0/object/kind").asText()).isEqualTo("PartialObjectMetadata");
    }

    @Test
    void theBookmarkAfterTheInitialEventsSaysSo() {
        ObjectNode bookmark = Trees.parse(
                writer("", Rendering.JSON).bookmark(new Revision(7), true).getBytes());
        assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
        assertThat(bookmark.at("/object/kind").asText()).isEqualTo("ConfigMap");
        assertThat(bookmark.at("/object/metadata/resourceVersion").asText()).isEqualTo("7");
        assertThat(bookmark.path("object")
                        .path("metadata")
                        .path("annotations")
                        .path("k8s.io/initial-events-end")
                        .asText())
                .isEqualTo("true");
    }

    private static WatchEventWriter writer(String query, Rendering rendering) {
        return writer(CONFIG_MAPS, query, rendering);
    }

    private static WatchEventWriter writer(ResourceDefinition kind, String query, Rendering rendering) {
        return new WatchEventWriter(
                kind,
                ListParameters.parse(QueryParameters.parse("watch=true&" + query), kind),
                rendering,
                TableShape.IncludeObject.METADATA,
                Clock.systemUTC(),
                new WatchMetrics(new CollectorRegistry()).of(kind));
    }

    private static List<String> lines(WatchEventWriter writer, List<WatchEvent> events) {
        return objects(writer, events).stream()
                .map(event -> event.path("type").asText() + " "
                        + event.at("/object/metadata/resourceVersion").asText())
                .toList();
    }

    private static List<ObjectNode> objects(WatchEventWriter writer, List<WatchEvent> events) {
        List<ObjectNode> found = new ArrayList<>();
        Outgoing out = new Outgoing();
        out.add(writer.encode(events));
        out.next(Integer.MAX_VALUE)
                .toString()
                .lines()
                .forEach(line -> found.add(Trees.parse(line.getBytes(StandardCharsets.UTF_8))));
        return found;
    }

    private static WatchEvent event(WatchEvent.Type type, CachedObject object, Optional<CachedObject> previous) {
        return new WatchEvent(type, object.key(), object.revision(), object, previous);
    }

    private static CachedObject version(long revision, String app) {
        String json = """
                {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"cm","namespace":"default",
                 "resourceVersion":"%d","labels":{"app":"%s"}}}
                """.formatted(revision, app).strip().replace("\n", "");
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return new Version(
                new ObjectKey("", "configmaps", "default", "cm"),
                "u",
                new Revision(revision),
                bytes,
                Trees.parse(bytes));
    }
}

package dev.keelson.apiserver.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Stored;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SortedChunksTest {

    @Test
    void behavesLikeASortedMapUnderRandomChanges() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        TreeMap<String, CachedObject> model = new TreeMap<>();
        SortedChunks chunks = SortedChunks.EMPTY;
        for (int i = 1; i <= 20_000; i++) {
            String namespace = "n" + random.nextInt(4);
            String name = "o%04d".formatted(random.nextInt(1_500));
            // Growing first, shrinking later, so that chunks split and vanish.
            if (random.nextInt(20_000) > i / 2 + 5_000) {
                CachedObject object = object(namespace, name, i);
                model.put(namespace + "/" + name, object);
                chunks = chunks.with(object);
            } else {
                model.remove(namespace + "/" + name);
                chunks = chunks.without(namespace, name);
            }
            assertThat(chunks.size()).as("seed %d", seed).isEqualTo(model.size());
        }
        assertThat(chunks.list("")).as("seed %d", seed).containsExactlyElementsOf(model.values());
        for (String namespace : List.of("a", "n0", "n1", "n2", "n22", "n3", "z")) {
            assertThat(chunks.list(namespace))
                    .as("seed %d namespace %s", seed, namespace)
                    .containsExactlyElementsOf(
                            model.subMap(namespace + "/", namespace + "/~").values());
        }
        for (String key : model.keySet()) {
            String[] place = key.split("/");
            assertThat(chunks.get(place[0], place[1])).contains(model.get(key));
        }
    }

    @Test
    void aValueDoesNotChange() {
        SortedChunks one = SortedChunks.EMPTY.with(object("n", "a", 1));
        SortedChunks two = one.with(object("n", "b", 2)).without("n", "a");

        assertThat(names(one)).containsExactly("a");
        assertThat(names(two)).containsExactly("b");
        assertThat(two.without("n", "none")).isSameAs(two);
        assertThat(SortedChunks.EMPTY.get("n", "a")).isEmpty();
        assertThat(SortedChunks.EMPTY.list("n")).isEmpty();
    }

    private static List<String> names(SortedChunks chunks) {
        return chunks.list("").stream().map(object -> object.key().name()).toList();
    }

    private static CachedObject object(String namespace, String name, long revision) {
        ObjectKey key = new ObjectKey("", "pods", namespace, name);
        return new CachedJson(new Stored(key, "uid", new Revision(revision), "{\"metadata\":{}}".getBytes(UTF_8)));
    }
}

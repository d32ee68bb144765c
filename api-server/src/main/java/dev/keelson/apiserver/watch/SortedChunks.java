package dev.keelson.apiserver.watch;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The objects of one resource ordered by namespace and name, as an immutable value: a change gives a new value that
 * shares all chunks but one, so a reader keeps a consistent view for free while writers go on.
 */
final class SortedChunks {
    static final SortedChunks EMPTY = new SortedChunks(new CachedObject[0][], 0);
    /** Small enough to copy on each change, large enough that the directory of 100,000 objects stays small too. */
    private static final int FULL = 128;

    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::namespace).thenComparing(Place::name);

    private final CachedObject[][] chunks;
    private final int size;

    private SortedChunks(CachedObject[][] chunks, int size) {
        this.chunks = chunks;
        this.size = size;
    }

    int size() {
        return size;
    }

    Optional<CachedObject> get(String namespace, String name) {
        Place wanted = new Place(namespace, name);
        if (size == 0) {
            return Optional.empty();
        }
        CachedObject[] chunk = chunks[chunkFor(wanted)];
        int at = search(chunk, wanted);
        return at < 0 ? Optional.empty() : Optional.of(chunk[at]);
    }

    SortedChunks with(CachedObject object) {
        Place place = Place.of(object);
        if (size == 0) {
            return new SortedChunks(new CachedObject[][] {{object}}, 1);
        }
        int index = chunkFor(place);
        CachedObject[] chunk = chunks[index];
        int at = search(chunk, place);
        if (at >= 0) {
            CachedObject[] replaced = chunk.clone();
            replaced[at] = object;
            return new SortedChunks(replaceChunk(index, replaced), size);
        }
        CachedObject[] grown = insert(chunk, -at - 1, object);
        return new SortedChunks(
                grown.length < FULL ? replaceChunk(index, grown) : replaceChunk(index, firstHalf(grown), rest(grown)),
                size + 1);
    }

    SortedChunks without(String namespace, String name) {
        Place place = new Place(namespace, name);
        if (size == 0) {
            return this;
        }
        int index = chunkFor(place);
        CachedObject[] chunk = chunks[index];
        int at = search(chunk, place);
        if (at < 0) {
            return this;
        }
        CachedObject[] shrunk = new CachedObject[chunk.length - 1];
        System.arraycopy(chunk, 0, shrunk, 0, at);
        System.arraycopy(chunk, at + 1, shrunk, at, shrunk.length - at);
        return new SortedChunks(shrunk.length == 0 ? replaceChunk(index) : replaceChunk(index, shrunk), size - 1);
    }

    /** All objects, or those of one namespace when it is not empty. */
    List<CachedObject> list(String namespace) {
        if (namespace.isEmpty() || size == 0) {
            return ChunkList.of(chunks);
        }
        // Behind every name of the namespace, and before every other namespace.
        Place end = new Place(namespace + '\0', "");
        int first = chunkFor(new Place(namespace, ""));
        int last = chunkFor(end);
        ChunkList around = ChunkList.of(Arrays.copyOfRange(chunks, first, last + 1));
        int from = position(chunks[first], new Place(namespace, ""));
        int to = around.size() - chunks[last].length + position(chunks[last], end);
        return around.subList(from, to);
    }

    /** Where a place that no object has would be in a chunk. */
    private static int position(CachedObject[] chunk, Place place) {
        return -search(chunk, place) - 1;
    }

    /** The last chunk that begins at or before the place: the only one that can hold it. */
    private int chunkFor(Place place) {
        int low = 0;
        int high = chunks.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (ORDER.compare(Place.of(chunks[middle][0]), place) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private static int search(CachedObject[] chunk, Place place) {
        int low = 0;
        int high = chunk.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = ORDER.compare(Place.of(chunk[middle]), place);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    private CachedObject[][] replaceChunk(int index, CachedObject[]... replacements) {
        CachedObject[][] result = new CachedObject[chunks.length - 1 + replacements.length][];
        System.arraycopy(chunks, 0, result, 0, index);
        System.arraycopy(replacements, 0, result, index, replacements.length);
        System.arraycopy(chunks, index + 1, result, index + replacements.length, chunks.length - index - 1);
        return result;
    }

    private static CachedObject[] insert(CachedObject[] chunk, int at, CachedObject object) {
        CachedObject[] grown = new CachedObject[chunk.length + 1];
        System.arraycopy(chunk, 0, grown, 0, at);
        grown[at] = object;
        System.arraycopy(chunk, at, grown, at + 1, chunk.length - at);
        return grown;
    }

    private static CachedObject[] firstHalf(CachedObject[] chunk) {
        return Arrays.copyOf(chunk, chunk.length / 2);
    }

    private static CachedObject[] rest(CachedObject[] chunk) {
        return Arrays.copyOfRange(chunk, chunk.length / 2, chunk.length);
    }

    private record Place(String namespace, String name) {
        static Place of(CachedObject object) {
            return new Place(object.key().namespace(), object.key().name());
        }
    }
}

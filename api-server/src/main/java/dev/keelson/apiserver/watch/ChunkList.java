package dev.keelson.apiserver.watch;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.RandomAccess;

/** The objects of some chunks as a list that copies nothing: ten thousand readers of one moment share its memory. */
final class ChunkList extends AbstractList<CachedObject> implements RandomAccess {
    private final CachedObject[][] chunks;
    /** Where each chunk begins. */
    private final int[] starts;

    private final int first;
    private final int size;

    private ChunkList(CachedObject[][] chunks, int[] starts, int first, int size) {
        this.chunks = chunks;
        this.starts = starts;
        this.first = first;
        this.size = size;
    }

    static ChunkList of(CachedObject[][] chunks) {
        int[] starts = new int[chunks.length];
        int sum = 0;
        for (int i = 0; i < chunks.length; i++) {
            starts[i] = sum;
            sum += chunks[i].length;
        }
        return new ChunkList(chunks, starts, 0, sum);
    }

    @Override
    public CachedObject get(int index) {
        int at = first + Objects.checkIndex(index, size);
        int chunk = chunkOf(at);
        return chunks[chunk][at - starts[chunk]];
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<CachedObject> subList(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        return new ChunkList(chunks, starts, first + from, to - from);
    }

    /** Without a search for each object. */
    @Override
    public Iterator<CachedObject> iterator() {
        return size == 0 ? List.<CachedObject>of().iterator() : new Walk();
    }

    private int chunkOf(int at) {
        int found = Arrays.binarySearch(starts, at);
        return found >= 0 ? found : -found - 2;
    }

    private final class Walk implements Iterator<CachedObject> {
        private int chunk = chunkOf(first);
        private int at = first - starts[chunk];
        private int left = size;

        @Override
        public boolean hasNext() {
            return left > 0;
        }

        @Override
        public CachedObject next() {
            if (left == 0) {
                throw new NoSuchElementException();
            }
            if (at == chunks[chunk].length) {
                chunk++;
                at = 0;
            }
            left--;
            return chunks[chunk][at++];
        }
    }
}

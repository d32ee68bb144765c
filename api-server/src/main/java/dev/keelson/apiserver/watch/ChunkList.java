package dev.keelson.apiserver.watch;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;

/** All objects of some chunks as a list that copies nothing: ten thousand readers of one moment share its memory. */
final class ChunkList extends AbstractList<CachedObject> implements RandomAccess {
    private final CachedObject[][] chunks;
    /** Where each chunk begins. */
    private final int[] starts;

    private final int size;

    ChunkList(CachedObject[][] chunks) {
        this.chunks = chunks;
        this.starts = new int[chunks.length];
        int sum = 0;
        for (int i = 0; i < chunks.length; i++) {
            starts[i] = sum;
            sum += chunks[i].length;
        }
        this.size = sum;
    }

    @Override
    public CachedObject get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        int found = Arrays.binarySearch(starts, index);
        int chunk = found >= 0 ? found : -found - 2;
        return chunks[chunk][index - starts[chunk]];
    }

    @Override
    public int size() {
        return size;
    }
}

package dev.keelson.node.image.layer;

import java.util.List;

/**
 * Where a sparse file has data; everything else in it is a hole that reads as zeros.
 *
 * @param realSize length of the file with its holes
 */
public record SparseMap(long realSize, List<Segment> segments) {

    public record Segment(long offset, long length) {}

    public SparseMap {
        segments = List.copyOf(segments);
    }

    /** Whether segments are in order, do not overlap, lie inside the file and hold exactly the archived bytes. */
    boolean isConsistentWith(long archivedBytes) {
        long end = 0;
        long data = 0;
        for (Segment segment : segments) {
            boolean fits = segment.offset >= end
                    && segment.length >= 0
                    && segment.offset <= realSize
                    && segment.length <= realSize - segment.offset;
            if (!fits) {
                return false;
            }
            end = segment.offset + segment.length;
            data += segment.length;
        }
        return data == archivedBytes;
    }
}

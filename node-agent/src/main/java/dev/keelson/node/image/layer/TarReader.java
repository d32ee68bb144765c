package dev.keelson.node.image.layer;

import dev.keelson.node.image.layer.TarEntry.Type;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a tar archive member by member, as a stream. Made for archives from strangers: what it keeps in memory is
 * bounded, names and attributes stay bytes, and a header that is not understood is an error, not a guess.
 *
 * <p>Understood are v7, ustar, PAX and GNU headers, long names, binary numbers and GNU's sparse formats (old, 0.0, 0.1,
 * 1.0). Global PAX headers carry comments of tools and are passed over, as other image tools do.
 */
public final class TarReader {
    private static final int MAX_METADATA = 1 << 20;
    private static final int MAX_SEGMENTS = 1 << 16;
    /** Beyond any file system; keeps sums of sizes from overflowing. */
    private static final long MAX_SIZE = 1L << 60;

    private static final int BLOCK = TarHeader.BLOCK;

    private final InputStream in;
    private long remaining;
    private int padding;

    public TarReader(InputStream in) {
        this.in = in;
    }

    /** The next member; empty at the end of the archive. Data of the previous one that was not read is passed over. */
    public Optional<TarEntry> next() throws IOException {
        PaxRecords pax = PaxRecords.NONE;
        String longName = "";
        String longLink = "";
        while (true) {
            skipData();
            Optional<TarHeader> found = nextHeader();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            TarHeader header = found.get();
            switch (header.type()) {
                case 'x', 'X' -> pax = PaxRecords.parse(metadata(header));
                case 'g' -> metadata(header);
                case 'L' -> longName = cString(metadata(header));
                case 'K' -> longLink = cString(metadata(header));
                default -> {
                    return Optional.of(entry(header, pax, longName, longLink));
                }
            }
        }
    }

    /** Reads archived bytes of the current member; -1 at its end. Holes of a sparse file are not among them. */
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (remaining == 0) {
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(length, remaining));
        if (count < 0) {
            throw new EOFException("the archive ends in the middle of a file");
        }
        remaining -= count;
        return count;
    }

    /** The current member's data as a stream; it ends with the member. */
    public InputStream data() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return TarReader.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return length == 0 ? 0 : TarReader.this.read(buffer, offset, length);
            }
        };
    }

    private TarEntry entry(TarHeader header, PaxRecords pax, String longName, String longLink) throws IOException {
        String path = firstOf(pax.text("GNU.sparse.name"), firstOf(pax.text("path"), orElse(longName, header.path())));
        Type type = type(header.type(), path);
        long archived = pax.number("size").orElse(header.size());
        if (archived < 0 || archived > MAX_SIZE) {
            throw new TarFormatException("%s claims to have %d bytes".formatted(TarEntry.readable(path), archived));
        }
        // Links, directories and devices have no data whatever their size field says; every tar agrees on that.
        beginData(type == Type.FILE ? archived : 0);
        Optional<SparseMap> sparse = sparse(header, pax, path);
        long[] time = pax.time("mtime").orElse(new long[] {header.seconds(), 0});
        return new TarEntry(
                path,
                type,
                firstOf(pax.text("linkpath"), orElse(longLink, header.linkTarget())),
                header.mode(),
                pax.number("uid").orElse(header.uid()),
                pax.number("gid").orElse(header.gid()),
                sparse.map(SparseMap::realSize).orElse(remaining),
                time[0],
                (int) time[1],
                header.deviceMajor(),
                header.deviceMinor(),
                pax == PaxRecords.NONE ? Map.of() : pax.xattrs(),
                sparse);
    }

    private static Type type(char flag, String path) throws TarFormatException {
        return switch (flag) {
            // Archivers older than ustar marked a directory by a slash alone.
            case '0', '\0', '7' -> path.endsWith("/") ? Type.DIRECTORY : Type.FILE;
            case 'S' -> Type.FILE;
            case '1' -> Type.HARD_LINK;
            case '2' -> Type.SYMBOLIC_LINK;
            case '3' -> Type.CHARACTER_DEVICE;
            case '4' -> Type.BLOCK_DEVICE;
            case '5' -> Type.DIRECTORY;
            case '6' -> Type.FIFO;
            default ->
                throw new TarFormatException(
                        "%s has the unknown entry type 0x%02x".formatted(TarEntry.readable(path), (int) flag));
        };
    }

    private Optional<SparseMap> sparse(TarHeader header, PaxRecords pax, String path) throws IOException {
        Optional<SparseMap> map = Optional.empty();
        if (header.type() == 'S' && header.isGnu()) {
            map = Optional.of(oldGnuMap(header));
        } else if (pax.isSparse1()) {
            map = Optional.of(new SparseMap(pax.number("GNU.sparse.realsize").orElse(0L), dataMap()));
        } else if (!pax.sparseNumbers().isEmpty()) {
            long realSize = firstOf(
                    pax.number("GNU.sparse.size"),
                    pax.number("GNU.sparse.realsize").orElse(0L));
            map = Optional.of(new SparseMap(realSize, segments(pax.sparseNumbers())));
        }
        if (map.isPresent() && !map.get().isConsistentWith(remaining)) {
            throw new TarFormatException("the sparse map of " + TarEntry.readable(path) + " does not fit its data");
        }
        return map;
    }

    private SparseMap oldGnuMap(TarHeader header) throws IOException {
        List<SparseMap.Segment> segments = new ArrayList<>();
        // The extension blocks stand between the header and the data and are not part of the data's size.
        byte[] block = header.block();
        addSegments(block, 386, 4, segments);
        boolean more = block[482] != 0;
        while (more) {
            byte[] extension = readBlock("a sparse map");
            addSegments(extension, 0, 21, segments);
            more = extension[504] != 0;
        }
        return new SparseMap(header.sparseRealSize(), segments);
    }

    private static void addSegments(byte[] block, int offset, int most, List<SparseMap.Segment> segments)
            throws TarFormatException {
        for (int i = 0; i < most && block[offset + i * 24] != 0; i++) {
            int at = offset + i * 24;
            addSegment(
                    segments,
                    TarHeader.number(block, at, 12, "sparse offset"),
                    TarHeader.number(block, at + 12, 12, "sparse length"));
        }
    }

    /** Sparse format 1.0 puts decimal numbers, one a line, in front of the data, filled up to whole blocks. */
    private List<SparseMap.Segment> dataMap() throws IOException {
        StringBuilder text = new StringBuilder();
        List<Long> numbers = new ArrayList<>();
        long wanted = 1;
        while (numbers.size() < wanted) {
            byte[] block = new byte[BLOCK];
            for (int filled = 0; filled < BLOCK; ) {
                int count = read(block, filled, BLOCK - filled);
                if (count < 0) {
                    throw new TarFormatException("a sparse map ends too early");
                }
                filled += count;
            }
            for (int i = 0; i < BLOCK && numbers.size() < wanted; i++) {
                if (block[i] != '\n' && text.length() < 20) {
                    text.append((char) (block[i] & 0xff));
                } else {
                    numbers.add(PaxRecords.decimal(text.toString(), "sparse map"));
                    text.setLength(0);
                    wanted = 1 + 2 * Math.min(numbers.getFirst(), MAX_SEGMENTS + 1L);
                }
            }
        }
        List<SparseMap.Segment> segments = new ArrayList<>();
        for (int i = 1; i + 1 < numbers.size(); i += 2) {
            addSegment(segments, numbers.get(i), numbers.get(i + 1));
        }
        return segments;
    }

    private static List<SparseMap.Segment> segments(List<String> numbers) throws TarFormatException {
        List<SparseMap.Segment> segments = new ArrayList<>();
        for (int i = 0; i + 1 < numbers.size(); i += 2) {
            addSegment(
                    segments,
                    PaxRecords.decimal(numbers.get(i), "sparse map"),
                    PaxRecords.decimal(numbers.get(i + 1), "sparse map"));
        }
        return segments;
    }

    private static void addSegment(List<SparseMap.Segment> segments, long offset, long length)
            throws TarFormatException {
        if (segments.size() >= MAX_SEGMENTS) {
            throw new TarFormatException("a sparse file has more than " + MAX_SEGMENTS + " pieces");
        }
        segments.add(new SparseMap.Segment(offset, length));
    }

    private Optional<TarHeader> nextHeader() throws IOException {
        byte[] block = new byte[BLOCK];
        int count = in.readNBytes(block, 0, BLOCK);
        if (count == 0) {
            return Optional.empty();
        }
        if (count < BLOCK) {
            throw new EOFException("the archive ends in the middle of a header");
        }
        return TarHeader.isZero(block) ? Optional.empty() : Optional.of(new TarHeader(block));
    }

    private byte[] metadata(TarHeader header) throws IOException {
        long size = header.size();
        if (size < 0 || size > MAX_METADATA) {
            throw new TarFormatException("an extended header is larger than " + MAX_METADATA + " bytes");
        }
        beginData(size);
        byte[] content = data().readNBytes((int) size);
        if (content.length < size) {
            throw new EOFException("the archive ends in the middle of an extended header");
        }
        return content;
    }

    private void beginData(long size) {
        remaining = size;
        padding = (int) (-size & (BLOCK - 1));
    }

    private void skipData() throws IOException {
        byte[] buffer = remaining + padding == 0 ? new byte[0] : new byte[64 * 1024];
        remaining += padding;
        padding = 0;
        while (remaining > 0) {
            read(buffer, 0, buffer.length);
        }
    }

    private byte[] readBlock(String what) throws IOException {
        byte[] block = in.readNBytes(BLOCK);
        if (block.length < BLOCK) {
            throw new EOFException("the archive ends in the middle of " + what);
        }
        return block;
    }

    private static String cString(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private static <T> T firstOf(Optional<T> preferred, T otherwise) {
        return preferred.orElse(otherwise);
    }

    private static String orElse(String preferred, String otherwise) {
        return preferred.isEmpty() ? otherwise : preferred;
    }
}

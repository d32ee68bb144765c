package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.storage.WriteRules;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** The writes of a batch as the database's functions take them: parallel arrays, one element for each write. */
record WriteColumns(
        Integer[] commit,
        Short[] verb,
        String[] group,
        String[] resource,
        String[] namespace,
        String[] name,
        String[] uid,
        Long[] expected,
        Buffer[] json,
        String[] author) {

    static WriteColumns of(List<PendingCommit> commits) {
        int count = commits.stream().mapToInt(commit -> commit.writes().size()).sum();
        WriteColumns columns = new WriteColumns(
                new Integer[count],
                new Short[count],
                new String[count],
                new String[count],
                new String[count],
                new String[count],
                new String[count],
                new Long[count],
                new Buffer[count],
                new String[count]);
        int at = 0;
        for (int i = 0; i < commits.size(); i++) {
            for (Write write : commits.get(i).writes()) {
                columns.commit[at] = i;
                columns.author[at] = commits.get(i).author();
                columns.set(at++, write);
            }
        }
        return columns;
    }

    // The other ways to make a buffer copy the bytes.
    @SuppressWarnings("deprecation")
    private void set(int at, Write write) {
        ObjectKey key = write.key();
        group[at] = key.group();
        resource[at] = key.resource();
        namespace[at] = key.namespace();
        name[at] = key.name();
        json[at] = Buffer.buffer(Unpooled.wrappedBuffer(WriteRules.json(write)));
        verb[at] = (short) kind(write).ordinal();
        uid[at] = write instanceof Write.Create create ? create.uid() : "";
        expected[at] = expected(write);
    }

    static Change.Kind kind(Write write) {
        return switch (write) {
            case Write.Create create -> Change.Kind.CREATED;
            case Write.Update update -> Change.Kind.UPDATED;
            case Write.Delete delete -> Change.Kind.DELETED;
        };
    }

    private static long expected(Write write) {
        return switch (write) {
            case Write.Create create -> 0;
            case Write.Update update -> update.expected().value();
            case Write.Delete delete -> delete.expected().value();
        };
    }
}

package dev.keelson.bench.engine;

import java.util.List;

/** A container tool: how it starts the idle image, runs {@code true} in it, and takes it away. */
interface Tool {
    String name();

    /** Nanoseconds from the call to the container's process running. */
    long start(String id);

    /** Nanoseconds that {@code true} in the running container took, its exit code included. */
    long exec(String id);

    void remove(String id);

    /** A command line tool that is given a bundle or an image. */
    record CommandLine(String name, List<String> start, List<String> exec, List<String> remove) implements Tool {
        private static final String ID = "ID";

        @Override
        public long start(String id) {
            return Command.timed(with(start, id));
        }

        @Override
        public long exec(String id) {
            return Command.timed(with(exec, id));
        }

        @Override
        public void remove(String id) {
            Command.run(with(remove, id));
        }

        private static List<String> with(List<String> words, String id) {
            return words.stream().map(word -> word.equals(ID) ? id : word).toList();
        }
    }
}

package dev.keelson.apiserver.watch;

/** What the cache counts; anything but zero means that something went wrong and was repaired. */
public interface CacheMetrics {
    CacheMetrics NONE = new CacheMetrics() {
        @Override
        public void reloaded() {
            // Not counted.
        }

        @Override
        public void differences(int count) {
            // Not counted.
        }
    };

    /** The store did not continue what the cache had seen, so everything was loaded again. */
    void reloaded();

    /** Objects in memory that were not what the store has. */
    void differences(int count);
}

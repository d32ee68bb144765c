package dev.keelson.apiserver.storage;

/** A point in the cluster's history. Revision N is seen only after every revision before it. */
public record Revision(long value) implements Comparable<Revision> {
    public static final Revision NONE = new Revision(0);

    @Override
    public int compareTo(Revision other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}

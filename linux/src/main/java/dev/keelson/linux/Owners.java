package dev.keelson.linux;

import java.nio.file.Path;

/** Gives files to users and groups by number, which java.nio can only do slowly. */
public final class Owners {
    private static final Calls CALLS = Native.load(Calls.class);

    /** The calls of this class. */
    public interface Calls {
        int lchown(String path, int user, int group);
    }

    private Owners() {}

    /** Never follows a symbolic link. */
    public static void give(Path path, int user, int group) {
        Native.check(CALLS.lchown(Native.text(path), user, group), "cannot give " + path + " to user " + user);
    }
}
